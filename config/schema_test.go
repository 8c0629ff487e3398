package config

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema takes what the reader takes, and refuses what it refuses for its
// words alone.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema(options)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content string
		ok      bool
	}{
		{string(full), true},
		{`{}`, true},
		{`{"account": [{"a": {"id": "111111111111"}}, {"b": [{"id": "222222222222"}]}]}`, true},
		{`{"acount": {}}`, false},
		{`{"account": {"a": {}}}`, false},
		{`{"account": {"a": {"id": 111111111111}}}`, false},
		{`{"iaclint": {"fail_on": "hihg"}}`, false},
		{`{"iaclint": {"root": "yes"}}`, false},
		{`{"iaclint": {"include": "x"}}`, false},
		{`{"rule": {"public-reed": {}}}`, false},
		{`{"output": {"text": {}}}`, false},
		{`{"archive_rule": {"a": {"reason": "r", "owner": "o", "filter": {"isPublic": {"equals": ["x"]}}}}}`, false},
		{`{"zone_of_trust": {"a": {"trusted_oidc": {"i": {"audiences": ["a"]}}}}}`, false},
	} {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(c.content))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(instance); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.content, err)
		}
		_, ds := Parse("c.json", []byte(c.content), options)
		if ds.HasErrors() == c.ok {
			t.Errorf("%s: the reader says %v", c.content, ds)
		}
	}
}
