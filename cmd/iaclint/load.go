package main

import (
	"bytes"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
)

// load recognises a policy document by its Statement element.
func load(f *source.File, resourceType string, named bool) (resource.Stack, bool) {
	if !bytes.Contains(f.Content, []byte(`"Statement"`)) {
		return resource.Stack{}, false
	}
	return resource.Stack{Resources: []resource.Resource{{Type: resourceType, Path: f.Name, Address: "(policy)"}}}, true
}
