package rego

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The documents have the schema, and the input is what it says.
func TestSchema(t *testing.T) {
	published, err := os.ReadFile("../../docs/schema/rego-input-v1.json")
	if err != nil || !bytes.Equal(published, Schema) {
		t.Errorf("docs/schema/rego-input-v1.json is not rules/rego/input-v1.json: %v", err)
	}
	text, err := JSON(input(t, "t.json", bucket))
	if err != nil {
		t.Fatal(err)
	}
	if err := Validate(text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	for _, broken := range []string{`"verdict": "external"`, `"schemaVersion": 1`, `"Effect": "Allow"`} {
		if !bytes.Contains(text, []byte(broken)) {
			t.Fatalf("no %s in %s", broken, text)
		}
		if Validate(bytes.Replace(text, []byte(broken), []byte(`"other": 5`), 1)) == nil {
			t.Errorf("without %s it is valid", broken)
		}
	}
}

// Validate checks a document against the schema.
func Validate(text []byte) error {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("input", schema); err != nil {
		return err
	}
	compiled, err := c.Compile("input")
	if err != nil {
		return err
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return compiled.Validate(instance)
}

// Whatever is given as a policy is read or refused.
func FuzzPolicy(f *testing.F) {
	for _, s := range []string{"{", "[1, 2", `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`, `"x"`, "null", strings.Repeat("[", 200), `{"a": 1e999999}`, "{\"\xff\": 1}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseJSON(text)
		if err != nil {
			return
		}
		if d, err := decode(v, false); (d == nil) == (err == nil) {
			t.Errorf("%q: %v %v", text, d, err)
		}
	})
}
