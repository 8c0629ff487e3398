package workspace

import (
	"testing"
	"time"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/rules/rego"
)

func TestRegoLimit(t *testing.T) {
	found, named := Settings{dir: "/repo", File: "/repo/.iaclint.hcl"}, Settings{File: "/etc/iaclint.hcl"}
	for _, tt := range []struct {
		name     string
		settings Settings
		asked    time.Duration
		want     time.Duration
	}{
		{"nothing asked", found, 0, rego.DefaultTimeout},
		{"found, shorter", found, time.Second, time.Second},
		{"found, longer", found, 10 * time.Minute, rego.DefaultTimeout},
		{"named, longer", named, 10 * time.Minute, 10 * time.Minute},
	} {
		s := tt.settings
		s.Config = &config.Config{Timeout: tt.asked}
		if got := s.RegoLimit(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
