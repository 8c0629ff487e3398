package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// What a policy grants beyond the work that there is, is one finding for anyone that
// is not proven, and the result says that more work would help. Nothing is dropped.
func TestShortOfWork(t *testing.T) {
	many := func(n int, format string) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(format, 444455550000+i))
		}
		return strings.Join(list, ",")
	}
	queue := func(statements string) resource.Resource {
		v, _ := jsontree.Parse(source.NewFile("p.json", []byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`)))
		d, _ := policy.Decode(v)
		return resource.Resource{Path: "p.json", Address: "q", Type: "AWS::SQS::Queue", Documents: []resource.Document{{Policy: d}}}
	}
	one := func(effect string, n int) string {
		return many(n, `{"Effect":"`+effect+`","Principal":{"AWS":"%d"},"Action":"sqs:SendMessage","Resource":"*"}`)
	}
	for name, c := range map[string]struct {
		r      resource.Resource
		effort access.Effort
		grants int
		short  bool
	}{
		"principals, enough work":    {queue(`{"Effect":"Allow","Principal":{"AWS":[` + many(30, `"%d"`) + `]},"Action":"sqs:SendMessage","Resource":"*"}`), access.FullEffort, 30, false},
		"principals, little work":    {queue(`{"Effect":"Allow","Principal":{"AWS":[` + many(30, `"%d"`) + `]},"Action":"sqs:SendMessage","Resource":"*"}`), 100_000, 11, true},
		"statements, enough work":    {queue(one("Allow", 60)), access.FullEffort, 60, false},
		"statements, little work":    {queue(one("Allow", 300)), 100_000, 1, true},
		"statements that deny alone": {queue(one("Deny", 300)), 100_000, 0, true},
	} {
		got := access.AnalyzeWithin(c.r, &zone.Zone{Account: "111122223333"}, false, c.effort)
		if len(got.Grants) != c.grants || got.Short != c.short {
			t.Errorf("%s: %d grants, short %v; want %d, %v", name, len(got.Grants), got.Short, c.grants, c.short)
		}
		if c.short && c.grants > 0 {
			last := got.Grants[len(got.Grants)-1]
			if last.Proven || !last.Public || len(last.Actions) == 0 || len(got.Notes) == 0 {
				t.Errorf("%s: proven %v, public %v, actions %v, notes %v", name, last.Proven, last.Public, last.Actions, got.Notes)
			}
		}
	}
}
