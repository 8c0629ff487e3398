//go:build ignore

// Command specification writes the tables of loaders/catalog/data from the npm
// package @aws-cdk/aws-service-spec, which holds CloudFormation's resource
// specification. It keeps facts (names of types and properties, forms of ARNs,
// which properties hold policies) and drops AWS's prose.
//
//	npm pack @aws-cdk/aws-service-spec@0.1.216
//	go run tools/specification/main.go aws-cdk-aws-service-spec-0.1.216.tgz loaders/catalog/data
package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

type property struct {
	Type          propertyType
	Scrutinizable string
}

type propertyType struct {
	Type      string
	Element   *propertyType
	Reference struct {
		Ref string `json:"$ref"`
	}
	Types []propertyType
}

type resource struct {
	CloudFormationType string
	PrimaryIdentifier  []string
	CfnRefIdentifier   []string
	ArnTemplate        string
	Scrutinizable      string
	Properties         map[string]property
	Attributes         map[string]json.RawMessage
}

type definition struct {
	ID         string `json:"$id"`
	Properties map[string]property
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: specification package.tgz directory")
	}
	db, err := database(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	definitions := map[string]definition{}
	for _, d := range db.Schema.TypeDefinition.Entities {
		definitions[d.ID] = d
	}
	var arns, policies []string
	for _, r := range db.Schema.Resource.Entities {
		if line := arnLine(r); line != "" {
			arns = append(arns, line)
		}
		policies = append(policies, policyLines(r, definitions)...)
	}
	if err := errors.Join(write(filepath.Join(os.Args[2], "arns.txt"), arns), write(filepath.Join(os.Args[2], "policies.txt"), policies)); err != nil {
		log.Fatal(err)
	}
}

type file struct {
	Schema struct {
		Resource       struct{ Entities []resource }
		TypeDefinition struct{ Entities []definition }
	}
}

func database(name string) (db file, err error) {
	f, err := os.Open(name)
	if err != nil {
		return db, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return db, err
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err != nil {
			return db, err
		}
		if h.Name != "package/db.json.gz" {
			continue
		}
		inner, err := gzip.NewReader(r)
		if err != nil {
			return db, err
		}
		b, err := io.ReadAll(inner)
		if err != nil {
			return db, err
		}
		return db, json.Unmarshal(b, &db)
	}
}

// arnLine: type, what gives the ARN, its form, the property that names the resource.
func arnLine(r resource) string {
	id := r.PrimaryIdentifier
	if len(r.CfnRefIdentifier) > 0 {
		id = r.CfnRefIdentifier
	}
	if r.ArnTemplate == "" || len(id) == 0 || strings.ContainsAny(r.ArnTemplate, "[]<>") {
		return ""
	}
	last := r.CloudFormationType[strings.LastIndex(r.CloudFormationType, ":")+1:]
	var names []string
	isARN := func(s string) bool {
		return slices.Contains([]string{"Arn", last + "Arn", last + "ARN", "ARN"}, s)
	}
	if len(id) == 1 && isARN(id[0]) {
		names = append(names, "Ref")
	}
	for a := range r.Attributes {
		if isARN(a) {
			names = append(names, a)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	named := ""
	if len(id) == 1 && !isARN(id[0]) {
		if _, ok := r.Properties[id[0]]; ok {
			named = id[0]
		}
	}
	return strings.Join([]string{r.CloudFormationType, strings.Join(names, ","), r.ArnTemplate, named}, "\t")
}

// Names of properties that speak of policies, or of those whom they let in.
var policyName = regexp.MustCompile(`Resource_?Policy|PolicyDocument$|PolicyText$|AccessPolic(y|ies)$|^Policy$|Principals?$|SharedAccounts|^UserIds$`)

// policyLines: type, path, mark of the specification or "name".
func policyLines(r resource, definitions map[string]definition) []string {
	var lines []string
	add := func(path, mark string) {
		lines = append(lines, strings.Join([]string{r.CloudFormationType, path, mark}, "\t"))
	}
	if r.Scrutinizable != "" && r.Scrutinizable != "None" {
		add("", r.Scrutinizable)
	}
	var walk func(prefix string, properties map[string]property, depth int, seen []string)
	walk = func(prefix string, properties map[string]property, depth int, seen []string) {
		for name, p := range properties {
			path := prefix + name
			switch {
			case p.Scrutinizable != "" && p.Scrutinizable != "None":
				add(path, p.Scrutinizable)
			case policyName.MatchString(name) && leaf(p.Type):
				add(path, "name")
			}
			if d, ok := definitions[reference(p.Type)]; ok && depth < 4 && !slices.Contains(seen, d.ID) {
				walk(path+".", d.Properties, depth+1, append(slices.Clip(seen), d.ID))
			}
		}
	}
	walk("", r.Properties, 0, nil)
	return lines
}

// leaf: text or JSON, or a list of it.
func leaf(t propertyType) bool {
	switch t.Type {
	case "string", "json":
		return true
	case "array", "map":
		return t.Element != nil && leaf(*t.Element)
	case "union":
		return slices.ContainsFunc(t.Types, leaf)
	}
	return false
}

func reference(t propertyType) string {
	switch t.Type {
	case "ref":
		return t.Reference.Ref
	case "array", "map":
		if t.Element != nil {
			return reference(*t.Element)
		}
	case "union":
		for _, u := range t.Types {
			if r := reference(u); r != "" {
				return r
			}
		}
	}
	return ""
}

func write(name string, lines []string) error {
	slices.Sort(lines)
	return os.WriteFile(name, []byte(strings.Join(slices.Compact(lines), "\n")+"\n"), 0o644)
}
