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

// Question is a bomb for another command than check, with its words; DIR is where the
// files are.
type Question struct {
	Bomb
	Words []string
}

// Questions are the bombs for commands that compare and ask.
var Questions = []Question{
	{Bomb{"policies that change", twice}, []string{"diff", "--format", "json", "DIR/before", "DIR/after"}},
	{Bomb{"policies against new access", twice}, []string{"check-no-new-access", "--existing-policy", "DIR/existing/policy.json", "DIR/after"}},
	{Bomb{"policies against some access", twice}, []string{"check-access-not-granted", "--access", "actions=" + numbered(100, ",", "s3:Get%d*"), "DIR/after"}},
	{Bomb{"policies against public access", twice}, []string{"check-no-public-access", "DIR/after"}},
	{Bomb{"policies asked about", twice}, []string{"query", "--principal", "000000001001", "DIR/after"}},
	{Bomb{"policies to be changed", twice}, []string{"suggest", "DIR/after"}},
	{Bomb{"values of stacks", func() map[string]string {
		return map[string]string{
			"values.json":        `{"Stacks":[` + numbered(400_000, ",", `{"StackId":"%d"}`) + `]}`,
			"code/template.json": resources(`"Q":{"Type":"AWS::SQS::QueuePolicy","Properties":{"Queues":["q"],"PolicyDocument":` + document(statement(`"*"`, `"sqs:*"`, `"*"`, "")) + `}}`),
		}
	}}, []string{"check", "--values", "DIR/values.json", "DIR/code"}},
}

// twice is a template with many policies of many statements, before and after a change.
func twice() map[string]string {
	many := func(from int) string {
		return policies(90, func(i int) string {
			return each(900, ",", func(j int) string {
				return statement(fmt.Sprintf(`{"AWS":"%012d"}`, from+i*1000+j), `"s3:GetObject"`, `"*"`, "")
			})
		})
	}
	existing := document(each(1900, ",", func(j int) string {
		return statement(fmt.Sprintf(`{"AWS":"%012d"}`, j), `"s3:GetObject"`, `"*"`, "")
	}))
	return map[string]string{"before/template.json": many(0), "after/template.json": many(500), "existing/policy.json": existing}
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
