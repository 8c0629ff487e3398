package reporters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/iaclint/iaclint/analysis/finding"
)

const schemaFile = "../docs/schema/report-v1.json"

func schema(t *testing.T) *jsonschema.Schema { return schemaAt(t, schemaFile) }

func schemaAt(t *testing.T, schemaFile string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaFile, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t *testing.T, s string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// whole has nothing null, so that every object of the schema occurs.
func whole() finding.Report {
	r := sample()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Status, f.Severity, f.Certainty, f.Change = "ACTIVE", finding.High, finding.Proven, &newChange
		f.Archive, f.Location, f.Witness = r.Findings[3].Archive, r.Findings[0].Location, r.Findings[0].Witness
	}
	return r
}

func TestJSONFollowsItsSchema(t *testing.T) {
	s := schema(t)
	bare := clean()
	bare.Findings = []finding.Finding{{Severity: finding.Low, Status: "ACTIVE", Certainty: finding.Proven, Witness: &finding.Witness{Principal: finding.WitnessPrincipal{Type: "AWS"}}}}
	for name, r := range map[string]finding.Report{"sample": sample(), "whole": whole(), "clean": clean(), "bare": bare} {
		if err := s.Validate(parse(t, write(t, "json", r, Options{}))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswersFollowTheirSchema(t *testing.T) {
	s := schemaAt(t, "../docs/schema/answer-v1.json")
	r := whole()
	for name, a := range map[string]finding.Answers{
		"bare":  {Answer: "no", Question: finding.Question{Scope: "outside", Principals: []string{}, Actions: []string{}, Resources: []string{}, Context: []string{}}},
		"whole": {Tool: r.Tool, Zones: r.Zones, Diagnostics: r.Diagnostics, Answer: "yes", Question: finding.Question{Scope: "everyone", Principals: []string{"*"}, Actions: []string{"s3:*"}, Resources: []string{"b"}, Context: []string{"!aws:SourceVpc"}}, Resources: []finding.Answer{{Resource: r.Resources[0], Answer: "undetermined", Grants: r.Findings, Needs: []string{"x"}}, {Answer: "no"}}},
	} {
		var b strings.Builder
		if err := writeAnswersJSON(&b, a, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parse(t, b.String())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema refuses a report in which any one key is missing, null where that
// is not allowed, or unknown: then it says all that the contract says.
func TestSchemaIsStrict(t *testing.T) {
	s := schema(t)
	out := write(t, "json", whole(), Options{})
	optional := map[string]bool{"detail": true, "accessPointArn": true, "accessPointAccount": true}
	nullable := map[string]bool{"archive": true, "change": true, "location": true, "witness": true}
	free := map[string]bool{"principal": true, "condition": true, "context": true}
	tried := 0
	doc := parse(t, out)
	var walk func(v any, in string)
	walk = func(v any, in string) {
		if l, ok := v.([]any); ok {
			for _, e := range l {
				walk(e, in)
			}
			return
		}
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		open := free[in] && m["type"] == nil // the witness's principal is not free
		refused := func(what string) {
			tried++
			if s.Validate(doc) == nil {
				t.Errorf("accepted: %s in %s", what, in)
			}
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			old := m[k]
			if !open && !optional[k] {
				delete(m, k)
				refused("no " + k)
			}
			if !nullable[k] {
				m[k] = nil
				refused("null for " + k)
			}
			m[k] = old
			walk(old, k)
		}
		if !open {
			m["extra"] = "x"
			refused("an unknown key")
			delete(m, "extra")
		}
	}
	walk(doc, "report")
	if tried < 100 {
		t.Errorf("only %d reports tried", tried)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("the report was not restored: %v", err)
	}
}

// Keys come in the order in which the schema, and with it the documentation,
// lists them.
func TestJSONKeyOrder(t *testing.T) {
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	orders := map[string]bool{}
	collect(t, json.NewDecoder(bytes.NewReader(raw)), "", func(in string, keys []string) {
		if in == "properties" {
			orders[fmt.Sprint(keys)] = true
		}
	})
	free := map[string]bool{"condition": true, "context": true, "principal": true}
	seen := 0
	out := write(t, "json", whole(), Options{})
	collect(t, json.NewDecoder(strings.NewReader(out)), "", func(in string, keys []string) {
		if free[in] && !slices.Contains(keys, "type") || in == "sources" || in == "detail" {
			return
		}
		seen++
		if !orders[fmt.Sprint(keys)] {
			t.Errorf("%s: keys %v are in no such order in the schema", in, keys)
		}
	})
	if seen < 20 {
		t.Errorf("only %d objects seen", seen)
	}
}

// collect reads one JSON value and calls object with the keys of every object in
// it and the key under which it stands.
func collect(t *testing.T, d *json.Decoder, in string, object func(string, []string)) {
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch tok {
	case json.Delim('['):
		for d.More() {
			collect(t, d, in, object)
		}
		_, _ = d.Token()
	case json.Delim('{'):
		var keys []string
		for d.More() {
			k, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, k.(string))
			collect(t, d, k.(string), object)
		}
		_, _ = d.Token()
		object(in, keys)
	}
}

// A finding has one form, in whichever document it stands.
func TestSchemasAgreeOnFindings(t *testing.T) {
	defs := func(file string) map[string]any {
		content, err := os.ReadFile("../docs/schema/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			Defs map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(content, &schema); err != nil {
			t.Fatal(err)
		}
		return schema.Defs
	}
	report, suggestions := defs("report-v1.json"), defs("suggestions-v1.json")
	for _, name := range []string{"finding", "related", "location", "statement", "witness"} {
		if diff := cmp.Diff(report[name], suggestions[name]); diff != "" || report[name] == nil {
			t.Errorf("%s differs: -report +suggestions:\n%s", name, diff)
		}
	}
}

func TestCallersFollowTheirSchema(t *testing.T) {
	s := schemaAt(t, "../docs/schema/who-v1.json")
	for name, c := range map[string]finding.Callers{"bare": {}, "whole": finding.CallersOf(whole(), map[string]string{"999900001111": "partner"})} {
		if name == "whole" && len(c.List) < 2 {
			t.Errorf("%d callers: the sample has more", len(c.List))
		}
		var b bytes.Buffer
		if err := writeCallersJSON(&b, c, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parse(t, b.String())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReconciliationFollowsItsSchema(t *testing.T) {
	s := schemaAt(t, "../docs/schema/reconcile-v1.json")
	r, public := whole(), true
	l := finding.Live{IDs: []string{"x"}, Status: "ARCHIVED", Detailed: true, Principal: map[string]string{"AWS": "*"}, IsPublic: &public, Location: r.Findings[0].Location}
	for name, c := range map[string]finding.Reconciliation{
		"bare": {Pairs: []finding.Pair{{Kind: finding.OnlyLive, Live: &finding.Live{IDs: []string{""}, Status: "ACTIVE"}}}},
		"whole": {Tool: r.Tool, Zones: r.Zones, Diagnostics: r.Diagnostics, LeftOut: map[string]int{"of other products": 3}, Pairs: []finding.Pair{
			{Kind: finding.Both, Live: &l, Code: &r.Findings[0], Differs: []finding.FieldDifference{{Field: "status", Live: "ARCHIVED", Code: "ACTIVE"}}, Notes: []string{"n"}},
			{Kind: finding.OnlyCode, Code: &r.Findings[1]},
		}},
	} {
		var b bytes.Buffer
		if err := writeReconciliationJSON(&b, c, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parse(t, b.String())); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a cell holds neither ends it nor leaves its row.
func TestReconciliationMarkdown(t *testing.T) {
	c := finding.Reconciliation{Pairs: []finding.Pair{{Kind: finding.OnlyLive, Live: &finding.Live{IDs: []string{"a|b\n<script>"}, Status: "ACTIVE", Resource: "arn|x\n| y"}}}}
	var b bytes.Buffer
	if err := writeReconciliationMarkdown(&b, c, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "\n") > 6 || strings.Contains(got, "<script>") {
		t.Errorf("got %s", got)
	}
}
