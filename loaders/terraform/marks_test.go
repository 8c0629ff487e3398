package terraform

import (
	"strings"
	"testing"
)

// A file with more marks than the parser is given is refused; generated code of 5 MB is not.
func TestMarks(t *testing.T) {
	ordinary := "resource \"aws_sqs_queue\" \"jobs\" {\n  name                      = \"jobs\"\n  message_retention_seconds = 86400\n  tags = {\n    Team = \"data\"\n  }\n}\n\n"
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{strings.Repeat(ordinary, 5_000_000/len(ordinary)), true},
		{"locals {\n  a = [" + strings.Repeat(`"s3:Got123456",`, 600_000) + "]\n}\n", false},
		{strings.Repeat("a {}\n", 500_000), false},
	} {
		if n := marks([]byte(c.text)); (n <= maxMarks) != c.ok {
			t.Errorf("%.40q of %d bytes has %d marks, accepted: want %v", c.text, len(c.text), n, c.ok)
		}
	}
}
