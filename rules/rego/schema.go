package rego

import (
	_ "embed"
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Schema describes the document that rules see.
//
//go:embed input-v1.json
var Schema []byte

// schemas make a field of the input that does not exist an error of the compiler.
func schemas() *ast.SchemaSet {
	var raw any
	if err := json.Unmarshal(Schema, &raw); err != nil {
		panic("rego: the schema is not JSON: " + err.Error())
	}
	s := ast.NewSchemaSet()
	s.Put(ast.SchemaRootRef, raw)
	return s
}
