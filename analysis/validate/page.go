package validate

import (
	"embed"
	"strings"
)

//go:embed pages/*.txtar
var pages embed.FS

// Page is what a person reads about a check.
type Page struct {
	Summary  string // lower case, no full stop
	Text     string // Markdown
	Examples []Example
}

// Example is a small policy and the findings that it gives, each on a line.
type Example struct {
	Bad     bool
	File    string // named after the kind of policy: see OptionsFor
	Content string
	Want    string
}

// Page returns the page of a check.
func (c *Check) Page() Page {
	raw, err := pages.ReadFile("pages/" + kebab(c.Code) + ".txtar")
	if err != nil {
		panic("validate: no page of " + c.Code)
	}
	text, rest, _ := strings.Cut(string(raw), "\n-- ")
	summary, text, _ := strings.Cut(text, "\n")
	p := Page{Summary: summary, Text: strings.TrimSpace(text)}
	for rest != "" {
		var header, content string
		header, rest, _ = strings.Cut(rest, " --\n")
		content, rest, _ = strings.Cut(rest, "\n-- ")
		content = strings.TrimSuffix(content, "\n") + "\n"
		verdict, file, _ := strings.Cut(header, "/")
		if file == "want" {
			p.Examples[len(p.Examples)-1].Want = content
		} else {
			p.Examples = append(p.Examples, Example{Bad: verdict == "bad", File: file, Content: content})
		}
	}
	return p
}

// OptionsFor returns what the policy of an example is, by the name of its file.
func OptionsFor(file string) Options {
	return map[string]Options{
		"identity.json": {Type: Identity},
		"resource.json": {Type: Resource},
		"bucket.json":   {Type: Resource, ResourceType: Bucket},
		"trust.json":    {Type: Resource, ResourceType: Trust},
		"scp.json":      {Type: ServiceControl},
		"rcp.json":      {Type: ResourceControl},
	}[file]
}
