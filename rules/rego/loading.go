package rego

import (
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// loading is what tests have beside what rules have.
func loading() []Function {
	return []Function{{
		Name: prefix + "input", Arguments: []Argument{{"files", "an object of the content of files by their names", textByText}},
		Returns: "the input of rules, for `with input as`", Doc: "the input that files give, as a run would have it; in tests only",
		result: types.A,
		call: func(r *run, args []*ast.Term) (any, error) {
			if r.load == nil {
				return nil, errors.New("it is for tests")
			}
			o, ok := args[0].Value.(ast.Object)
			if !ok {
				return nil, fmt.Errorf("an object of the content of files by their names is expected, not %s", shown(args[0]))
			}
			files := map[string]string{}
			var wrong error
			o.Foreach(func(k, v *ast.Term) {
				name, isText := k.Value.(ast.String)
				content, isContent := v.Value.(ast.String)
				if !isText || !isContent {
					wrong = fmt.Errorf("the content of a file is %s; a text is expected", shown(v))
				}
				files[string(name)] = string(content)
			})
			if wrong != nil {
				return nil, wrong
			}
			in, err := r.load(files)
			if err != nil {
				return nil, err
			}
			return r.document.asTerm(r.document.extend(in))
		},
	}}
}
