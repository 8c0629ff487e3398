package iaclint_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iaclint/iaclint"
	"github.com/iaclint/iaclint/internal/cli"
)

// The report of the package is the report of the command.
func TestCheckIsTheCommand(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/examples")); err != nil {
		t.Fatal(err)
	}
	report, err := iaclint.Check(context.Background(), os.DirFS(dir), iaclint.Options{Account: "111122223333"})
	if err != nil {
		t.Fatal(err)
	}
	var got, want, errs bytes.Buffer
	if err := iaclint.Write(&got, "json", report); err != nil {
		t.Fatal(err)
	}
	if status := cli.Run([]string{"--no-config", "--account", "111122223333", "--format", "json", dir}, strings.NewReader(""), &want, &errs); status > 1 {
		t.Fatal(errs.String())
	}
	if got.String() != want.String() || !json.Valid(got.Bytes()) || len(report.Findings) == 0 {
		t.Errorf("the package reports\n%s\nthe command\n%s", got.String(), want.String())
	}
}

// A context that has ended ends the analysis, with its cause.
func TestCheckIsCancelled(t *testing.T) {
	gone := errors.New("the caller has gone")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(gone)
	report, err := iaclint.Check(ctx, os.DirFS("testdata/patterns"), iaclint.Options{})
	if report != nil || !errors.Is(err, gone) {
		t.Errorf("%v, %v", report, err)
	}
}

// What options cannot say is an error that names it.
func TestOptions(t *testing.T) {
	for _, c := range []struct {
		name    string
		options iaclint.Options
		want    string
	}{
		{"account", iaclint.Options{Account: "12"}, `account "12"`},
		{"member", iaclint.Options{Members: []string{"x"}}, `account "x"`},
		{"zone", iaclint.Options{Zone: "organisation"}, `did you mean "organization"`},
		{"configuration", iaclint.Options{Configuration: []byte("acount {}")}, "configuration.hcl:1"},
		{"custom rules", iaclint.Options{Configuration: []byte("custom_rules {\n  rego = [\"policy\"]\n}")}, "further files"},
	} {
		_, err := iaclint.Check(context.Background(), fstest.MapFS{}, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Archive rules of a configuration archive, on the day that is given.
func TestConfiguration(t *testing.T) {
	files := fstest.MapFS{"p.json": {Data: []byte(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}]}`)}}
	configuration := []byte("archive_rule \"site\" {\n  reason  = \"a web site\"\n  owner   = \"web\"\n  expires = \"2027-01-31\"\n  filter \"isPublic\" {\n    eq = [\"true\"]\n  }\n}\n")
	for day, want := range map[string]int{"2027-01-31": 1, "2027-02-01": 0} {
		today, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		report, err := iaclint.Check(context.Background(), files, iaclint.Options{Configuration: configuration, Today: today})
		if err != nil || report.Summary.Archived != want {
			t.Errorf("%s: %v, %+v", day, err, report)
		}
	}
}
