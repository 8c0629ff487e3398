package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// A document that is too large in any of its parts is reported and stands as
// one of which nothing is known; one that is just small enough is read.
func TestDocumentsAreBounded(t *testing.T) {
	list := func(n int, text string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(text+",", n), ",") + "]"
	}
	with := func(element, content string) string {
		return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",%q:%s}]}`, element, content)
	}
	statement := `{"Effect":"Allow"}`
	for name, make := range map[string]func(n int) string{
		"statements": func(n int) string {
			return `{"Version":"2012-10-17","Statement":` + list(n*MaxStatements/MaxValues, statement) + `}`
		},
		"statements twice": func(n int) string {
			half := list(n*MaxStatements/MaxValues/2+1, statement)
			return `{"Statement":` + half + `,"Statement":` + half + `}`
		},
		"actions":    func(n int) string { return with("Action", list(n, `"s3:GetObject"`)) },
		"resources":  func(n int) string { return with("NotResource", list(n, `"*"`)) },
		"principals": func(n int) string { return with("Principal", `{"AWS":`+list(n, `"111122223333"`)+`}`) },
		"conditions": func(n int) string { return with("Condition", `{"StringLike":{"aws:PrincipalArn":`+list(n, `"*"`)+`}}`) },
		"unknown":    func(n int) string { return with("Extra", list(n, `1`)) },
		"text":       func(n int) string { return with("Action", `"s3:`+strings.Repeat("*a", n*MaxText/2/MaxValues)+`"`) },
	} {
		for _, c := range []struct {
			n    int
			read bool
		}{{MaxValues * 9 / 10, true}, {MaxValues * 11 / 10, false}} {
			v, ok := tree(source.NewFile("p.json", []byte(make(c.n))))
			if !ok {
				t.Fatal(name)
			}
			doc, diags := Decode(v)
			refused := len(diags) == 1 && strings.Contains(diags[0].Message, "AWS takes no policy as large")
			if refused == c.read || doc.Statements[0].Unread == c.read {
				t.Errorf("%s of %d: refused %v, unread %v", name, c.n, refused, doc.Statements[0].Unread)
			}
		}
	}
}
