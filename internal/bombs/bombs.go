// Package bombs makes inputs that want to take time or memory without bound. Its
// tests run the program on each. A new attack is a row of All.
package bombs

import (
	"fmt"
	"strings"
)

// Bomb is an input by the names of its files.
type Bomb struct {
	Name  string
	Files func() map[string]string
}

// bucket is a Terraform module with an expression in it.
func bucket(expression string) func() map[string]string {
	return module(func() string { return "resource \"aws_s3_bucket\" \"b\" {\n  bucket = " + expression + "\n}\n" })
}

func module(text func() string) func() map[string]string {
	return func() map[string]string { return map[string]string{"main.tf": text()} }
}

func file(name string, text func() string) func() map[string]string {
	return func() map[string]string { return map[string]string{name: text()} }
}

func policy(text func() string) func() map[string]string { return file("policy.json", text) }

func template(text func() string) func() map[string]string { return file("template.json", text) }

func yaml(text func() string) func() map[string]string { return file("template.yaml", text) }

// each joins what is made for every number below n.
func each(n int, separator string, make func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(make(i))
	}
	return b.String()
}

// numbered joins a format of one number.
func numbered(n int, separator, format string) string {
	return each(n, separator, func(i int) string { return fmt.Sprintf(format, i) })
}

// doubled joins a format that has the number twice.
func doubled(n int, separator, format string) string {
	return each(n, separator, func(i int) string { return fmt.Sprintf(format, i, i) })
}

func statement(principal, action, resource, more string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Principal":%s,"Action":%s,"Resource":%s%s}`, principal, action, resource, more)
}

func document(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

// resources is a template with resources.
func resources(list string) string {
	return `{"AWSTemplateFormatVersion":"2010-09-09","Resources":{` + list + `}}`
}
