// Package rewrite writes a change of a policy into the file that holds it, in
// the file's own language: HCL, YAML and JSON, also JSON within a text of them.
// What the author wrote around it stays as it is: indentation, quotes, commas,
// line breaks and comments. It judges nothing: whether the result means what was
// intended is for the loaders and the analysis to say.
package rewrite

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/repair"
)

// Code is what is known of the code around a file.
type Code struct {
	Name string // of the file
	// Account is the expression of Terraform for the id of your account, "" if
	// the module has none.
	Account string
	// Others are the other files of the module.
	Others [][]byte
}

// unwritable says why an edit cannot be written, for people.
type unwritable string

func (u unwritable) Error() string { return string(u) }

// maxSize of a file that is edited.
const maxSize = 16 << 20

// File is a file that is edited: as it is, and what it is made of.
type File struct {
	content []byte
	code    Code
	root    *node
	err     error // why no edit of it can be written
}

// Read reads a file once for any number of changes, which may be made at the same
// time.
func Read(content []byte, code Code) *File {
	f := &File{content: content, code: code}
	if len(content) > maxSize {
		f.err = unwritable("the file is too large to be edited")
		return f
	}
	f.root, f.err = parse(code.Name, content)
	return f
}

// Apply returns the content of the file with edits made. Their places are those of
// the content as it was read. The error says, in words for people, why one cannot
// be made.
func (f *File) Apply(edits []repair.Edit) ([]byte, error) {
	content, root := f.content, f.root
	// From the last, so that the places of the others stay what they are.
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b repair.Edit) int { return b.At.Start - a.At.Start })
	for i, e := range edits {
		switch {
		case f.err != nil:
			return nil, f.err
		case e.At.Start < 0 || e.At.Start > e.At.End || e.At.End > len(content):
			return nil, unwritable("the place is not in the file")
		case i > 0:
			var err error
			if root, err = parse(f.code.Name, content); err != nil {
				return nil, err
			}
		}
		w := &writer{content: content, code: f.code, root: root, env: envOf(f.code.Name, root)}
		if err := w.edit(e); err != nil {
			return nil, err
		}
		changed := w.result()
		for k := i + 1; k < len(edits); k++ {
			if edits[k].At.End >= e.At.End { // it is around what has changed
				edits[k].At.End += len(changed) - len(content)
			}
		}
		content = changed
	}
	return content, nil
}

// env says what a text that is written stands in.
type env uint8

const (
	plain    env = iota // nothing can be referred to
	module              // HCL
	template            // a text of HCL, in which ${ begins an expression
	stack               // a template of CloudFormation
	sub                 // a text of Fn::Sub, in which ${ begins a reference
)

func envOf(name string, root *node) env {
	switch {
	case isHCL(name):
		return module
	case strings.HasSuffix(name, ".tf.json") || strings.HasSuffix(name, ".tofu.json"):
		return template
	case root.get("Resources") != nil:
		return stack
	}
	return plain
}

// writer makes one edit.
type writer struct {
	content []byte
	code    Code
	root    *node
	env     env
	splices []splice
}

// splice puts a text in the place of another.
type splice struct {
	start, end int
	text       string
}

func (w *writer) splice(start, end int, text string) {
	w.splices = append(w.splices, splice{start, end, text})
}

func (w *writer) result() []byte {
	slices.SortStableFunc(w.splices, func(a, b splice) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, s := range w.splices {
		if s.start < at {
			continue
		}
		out.Write(w.content[at:s.start])
		out.WriteString(s.text)
		at = s.end
	}
	out.Write(w.content[at:])
	return out.Bytes()
}

func (w *writer) edit(e repair.Edit) error {
	if e.Kind == repair.Respell {
		return w.respell(e)
	}
	n := w.root.find(e.At.Start, e.At.End)
	if n == nil {
		d := w.root.deepest(e.At.Start, e.At.End)
		if d.kind != scalar {
			return unwritable("it is not written as an ordinary value")
		}
		return w.within(d, e)
	}
	return w.at(n, e)
}

func (w *writer) at(n *node, e repair.Edit) error {
	switch e.Kind {
	case repair.Remove:
		return w.remove(n)
	case repair.Withdraw:
		return w.withdraw(n)
	case repair.Require:
		for _, c := range e.Conditions {
			if err := w.require(n, c); err != nil {
				return err
			}
		}
		return nil
	case repair.Replace:
		text, err := w.scalar(n.style, e.Value)
		if err == nil {
			w.splice(n.start, n.end, text)
		}
		return err
	case repair.Narrow:
		return w.narrow(n, e.Values)
	case repair.Date:
		return w.insert(n, "Version", tree{value: repair.Value{Text: "2012-10-17"}})
	case repair.Refuse:
		return w.refuse(n)
	case repair.Add:
		return w.deny(n, e)
	case repair.Block:
		return w.block(n)
	case repair.Grant:
		return w.grant(n, e)
	}
	return unwritable("the change is not known")
}

// plainWord is text that is written the same in every language, in quotes or without.
var plainWord = once.Regexp(`^[A-Za-z][A-Za-z0-9:/._*?-]*$|^[0-9a-f.:/]+$`)

// respell changes a word where it stands, which may be a key, a value, or within a
// text: what is around it stays.
func (w *writer) respell(e repair.Edit) error {
	if len(e.Values) != 2 {
		return unwritable("the change is not known")
	}
	old, word := []byte(e.Values[0].Text), e.Values[1].Text
	raw := w.content[e.At.Start:e.At.End]
	if !plainWord().MatchString(word) || len(old) == 0 || bytes.Count(raw, old) != 1 {
		return unwritable("the word is not written in one piece")
	}
	start := e.At.Start + bytes.Index(raw, old)
	w.splice(start, start+len(old), word)
	return nil
}

// within edits JSON in a text.
func (w *writer) within(d *node, e repair.Edit) error {
	inner := w.env
	switch {
	case w.env == module:
		inner = template
	case w.env == stack && (d.key == "Fn::Sub" || d.parent != nil && (d.parent.key == "Fn::Sub" || bytes.HasPrefix(w.content[d.parent.start:d.start], []byte("!Sub")))):
		inner = sub
	case w.env == stack:
		inner = plain
	}
	raw := w.content[d.start:d.end]
	if len(raw) < 2 {
		return unwritable("the policy is not written as JSON")
	}
	quote := raw[0]
	if quote == '"' && bytes.IndexByte(raw, '\\') >= 0 {
		return w.escaped(d, e, inner)
	}
	if quote == '\'' && bytes.Contains(raw[1:len(raw)-1], []byte("''")) {
		return unwritable("the policy is in a text with quotes that stand for others")
	}
	start := bytes.IndexByte(raw, '{')
	if i := bytes.IndexByte(raw, '['); start < 0 || i >= 0 && i < start {
		start = i
	}
	if start < 0 {
		return unwritable("the policy is not written as JSON")
	}
	in, err := parseJSON(w.content, d.start+start, d.end, false)
	if err != nil {
		return err
	}
	d.add(in)
	n := in.find(e.At.Start, e.At.End)
	if n == nil {
		return unwritable("it is within a text, and not where it can be found there")
	}
	x := &writer{content: w.content, code: w.code, root: in, env: inner}
	if err := x.at(n, e); err != nil {
		return err
	}
	for _, s := range x.splices {
		if strings.ContainsAny(s.text, `"'`) && quote == '\'' && strings.Contains(s.text, "'") || quote == '"' {
			return unwritable("the policy is in a text whose quotes are in the way")
		}
	}
	w.splices = append(w.splices, x.splices...)
	return nil
}

// escaped edits JSON in a text with escape sequences: in the text that it stands
// for, of which the part that changes is written back.
func (w *writer) escaped(d *node, e repair.Edit, inner env) error {
	text, at, ok := unescape(w.content[d.start:d.end])
	if !ok {
		return unwritable("the policy is in a text with escape sequences that are not those of JSON")
	}
	find := func(offset int) int {
		i, _ := slices.BinarySearch(at, offset-d.start)
		return i
	}
	start := bytes.IndexAny(text, "{[")
	if start < 0 {
		return unwritable("the policy is not written as JSON")
	}
	root, err := parseJSON(text, start, len(text), false)
	if err != nil {
		return err
	}
	n := root.find(find(e.At.Start), find(e.At.End))
	if n == nil {
		return unwritable("it is within a text, and not where it can be found there")
	}
	x := &writer{content: text, code: w.code, root: root, env: inner}
	if err := x.at(n, e); err != nil {
		return err
	}
	for _, s := range x.splices {
		w.splice(d.start+at[s.start], d.start+at[s.end], escape(s.text))
	}
	return nil
}

// unescape returns the text of a literal in double quotes, and for every byte
// of it and for its end where it is written.
func unescape(raw []byte) (text []byte, at []int, ok bool) {
	if len(raw) < 2 || raw[len(raw)-1] != '"' {
		return nil, nil, false
	}
	i := 1
	for i < len(raw)-1 {
		at = append(at, i)
		if raw[i] != '\\' {
			text = append(text, raw[i])
			i++
			continue
		}
		c := strings.IndexByte(`"\/nrt`, raw[i+1])
		if c < 0 || i+1 >= len(raw)-1 {
			return nil, nil, false
		}
		text = append(text, "\"\\/\n\r\t"[c])
		i += 2
	}
	return text, append(at, i), true
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
}

// remove takes an entry out of a list. The last one takes what it is alone in
// with it, but no statement: that would be another edit.
func (w *writer) remove(n *node) error {
	p := n.parent
	if p == nil {
		return unwritable("nothing is around it")
	}
	if p.kind == list {
		if len(p.children) > 1 {
			return w.takeOut(n)
		}
		n, p = p, p.parent
	}
	switch {
	case p != nil && p.kind == object && len(p.children) > 1 && n.key != "Principal" && n.key != "Action" && n.key != "Resource":
		return w.takeOut(n)
	case p != nil && p.kind == block && (p.key == "principals" || p.key == "condition") && len(p.parent.blocks(p.key)) > 1:
		return w.takeOut(p)
	}
	return unwritable("nothing of its kind would be left")
}

// narrow puts one or several texts in the place of an entry of a list, or of a text
// that may be a list.
func (w *writer) narrow(n *node, values []repair.Value) error {
	if n.kind != scalar || len(values) == 0 {
		return unwritable("it is not a text of the code")
	}
	texts := make([]string, len(values))
	for i, v := range values {
		text, err := w.like(n, v)
		if err != nil {
			return err
		}
		texts[i] = text
	}
	p := n.parent
	switch line := w.lineStart(n.start); {
	case len(texts) == 1:
		w.splice(n.start, n.end, texts[0])
	case p == nil || p.kind != list:
		w.splice(n.start, n.end, "["+strings.Join(texts, ", ")+"]")
	case p.style == indented:
		dash := w.dash(n)
		if dash < line || !isBlank(w.content[line:dash]) {
			return unwritable("it has no line of its own")
		}
		w.splice(n.start, n.end, strings.Join(texts, w.newline()+string(w.content[line:n.start])))
	case isBlank(w.content[line:n.start]):
		w.splice(n.start, n.end, strings.Join(texts, ","+w.newline()+string(w.content[line:n.start])))
	default:
		w.splice(n.start, n.end, strings.Join(texts, ", "))
	}
	return nil
}

// grantTypes end the names of resources that do nothing but grant.
var grantTypes = []string{"_policy", "_permission", "_grant", "_acl", "Policy", "Permission", "Grant", "_policy_attachment"}

func isGrant(kind string) bool {
	return slices.ContainsFunc(grantTypes, func(s string) bool { return strings.HasSuffix(kind, s) })
}

// withdraw takes out what grants.
func (w *writer) withdraw(n *node) error {
	p := n.parent
	switch {
	case n.kind == block && n.key == "resource":
		return w.undeclare(n)
	case n.kind == block:
		if n.key == "statement" && len(p.blocks("statement")) == 1 && p.get("source_policy_documents") == nil && p.get("override_policy_documents") == nil {
			return unwritable("the document has no other statement, and may not be empty")
		}
		return w.takeOut(n)
	case n.kind == scalar && isACL(n):
		private := repair.Value{Text: "private"}
		if w.env == stack {
			private.Text = "Private"
		}
		text, err := w.like(n, private)
		if err == nil {
			w.splice(n.start, n.end, text)
		}
		return err
	case p != nil && n.kind != block && p.kind == block && p.key == "resource" && isGrant(p.labels[0]):
		return w.undeclare(p)
	case p != nil && p.kind == list && len(p.children) > 1:
		return w.takeOut(n)
	case p != nil && p.kind == list && p.key != "Statement" && p.key != "" && p.style != indented:
		w.splice(p.start, p.end, "[]")
		return nil
	case p != nil && p.kind == list && p.key != "Statement" && p.parent != nil && p.parent.kind == object:
		return w.takeOut(p)
	case n.kind == object && n.get("Type") != nil && n.key != "":
		return w.undeclare(n)
	}
	if n.key != "Statement" && (p == nil || p.kind != list || p.key != "Statement") {
		return unwritable("it is not an entry of a list")
	}
	if p.kind == list {
		p = p.parent
	}
	return w.withdrawDocument(p)
}

// withdrawDocument takes out a document with what holds it, if that does nothing
// else.
func (w *writer) withdrawDocument(n *node) error {
	const left = "the document has no other statement, and may not be empty"
	if n == nil {
		return unwritable(left)
	}
	p := n.parent
	for p != nil && p.kind == other {
		n, p = p, p.parent
	}
	switch {
	case p == nil:
	case p.kind == block && p.key == "resource" && len(p.labels) == 2:
		if isGrant(p.labels[0]) {
			return w.undeclare(p)
		}
		if n.key == "policy" && p.labels[0] != "aws_iam_role" {
			return w.takeOut(n)
		}
	case n.key == "PolicyDocument" && p.key == "Properties" && p.parent != nil && p.parent.get("Type") != nil && isGrant(w.text(p.parent.get("Type"))):
		return w.undeclare(p.parent)
	}
	return unwritable(left)
}

// undeclare takes out a resource, unless something names it.
func (w *writer) undeclare(n *node) error {
	kind, name, key := "", n.key, ""
	if n.kind == block {
		if len(n.labels) != 2 {
			return unwritable("it is not declared in an ordinary way")
		}
		kind = n.labels[0]
		name = n.labels[0] + "." + n.labels[1]
	} else {
		kind, key = w.text(n.get("Type")), n.key
	}
	if !isGrant(kind) {
		return unwritable("what grants is a resource that does more than that")
	}
	rest := slices.Concat(w.content[:n.from], []byte("\n"), w.content[n.end:])
	if names(rest, name) || key == "" && w.mentioned(name) {
		return unwritable(fmt.Sprintf("%s does nothing but grant, but it is referred to elsewhere", name))
	}
	if n.kind != block && len(n.parent.children) == 1 {
		return unwritable("the template has no other resource")
	}
	return w.takeOut(n)
}

// mentioned reports whether another file of the module names something.
func (w *writer) mentioned(name string) bool {
	return slices.ContainsFunc(w.code.Others, func(text []byte) bool { return names(text, name) })
}

// names reports whether a text has a name in it as a word.
func names(text []byte, name string) bool {
	for {
		i := bytes.Index(text, []byte(name))
		if i < 0 {
			return false
		}
		after := text[i+len(name):]
		if (i == 0 || !isWord(text[i-1])) && (len(after) == 0 || !isWord(after[0])) {
			return true
		}
		text = text[i+1:]
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func isACL(n *node) bool {
	return n.key == "acl" || n.key == "AccessControl"
}

// text returns a scalar without its quotes.
func (w *writer) text(n *node) string {
	if n == nil {
		return ""
	}
	return strings.Trim(string(w.content[n.start:n.end]), `"'`)
}

// operatorKeys are the arguments of a permission of Lambda that are conditions.
var permissionKeys = []struct{ key, hcl, cloudformation string }{
	{"aws:SourceAccount", "source_account", "SourceAccount"},
	{"aws:PrincipalOrgID", "principal_org_id", "PrincipalOrgID"},
}

// require adds a condition to a statement.
func (w *writer) require(n *node, c repair.Condition) error {
	switch n = contentOf(n); {
	case n.kind == block && isStatement(n):
		return w.requireBlock(n, c)
	case n.kind == block && n.key == "resource" && n.labels[0] == "aws_lambda_permission":
		return w.requireArgument(n, c, false)
	case n.kind == object && w.text(n.get("Type")) == "AWS::Lambda::Permission":
		if properties := n.get("Properties"); properties != nil && properties.kind == object {
			return w.requireArgument(properties, c, true)
		}
		return unwritable("the permission has no properties")
	case n.kind != object || n.get("Effect") == nil:
		return unwritable("it is not a statement that could have a condition")
	}
	all := n.get("Condition")
	if all == nil {
		return w.insert(n, "Condition", conditionTree([]repair.Condition{c}))
	}
	if all.kind != object {
		return unwritable("the condition of the statement is not written out")
	}
	for _, operator := range all.children {
		if operator.key != c.Operator {
			continue
		}
		if operator.kind != object {
			return unwritable("the condition of the statement is not written out")
		}
		for _, key := range operator.children {
			if strings.EqualFold(key.key, c.Key) {
				return unwritable("the statement has a condition on " + c.Key + " already")
			}
		}
		return w.insert(operator, c.Key, valuesTree(c.Values))
	}
	return w.insert(all, c.Operator, tree{fields: []field{{c.Key, valuesTree(c.Values)}}})
}

func (w *writer) requireArgument(n *node, c repair.Condition, template bool) error {
	for _, k := range permissionKeys {
		name := k.hcl
		if template {
			name = k.cloudformation
		}
		if k.key != c.Key || c.Operator != "StringEquals" || len(c.Values) != 1 {
			continue
		}
		if n.get(name) != nil {
			return unwritable("the permission has a " + name + " already")
		}
		return w.insert(n, name, tree{value: c.Values[0]})
	}
	return unwritable("a permission of Lambda has no condition on " + c.Key)
}

// contentOf is the block that a dynamic one makes, or the block itself.
func contentOf(n *node) *node {
	if n.kind == block && n.key == "dynamic" {
		if inner := n.blocks("content"); len(inner) == 1 {
			return inner[0]
		}
	}
	return n
}

// isStatement reports a block of aws_iam_policy_document that is a statement.
func isStatement(n *node) bool {
	return n.key == "statement" || n.key == "content" && n.parent.key == "dynamic" && len(n.parent.labels) == 1 && n.parent.labels[0] == "statement"
}

// requireBlock adds a block to a statement of aws_iam_policy_document.
func (w *writer) requireBlock(n *node, c repair.Condition) error {
	for _, b := range n.blocks("condition") {
		if strings.EqualFold(w.text(b.get("variable")), c.Key) && w.text(b.get("test")) == c.Operator {
			return unwritable("the statement has a condition on " + c.Key + " already")
		}
	}
	return w.insertBlock(n, "condition", []field{
		{"test", tree{value: repair.Value{Text: c.Operator}}},
		{"variable", tree{value: repair.Value{Text: c.Key}}},
		{"values", listTree(c.Values)},
	})
}

// refuse makes a statement a Deny.
func (w *writer) refuse(n *node) error {
	if n.kind == block && n.key == "statement" {
		if e := n.get("effect"); e != nil {
			w.splice(e.start, e.end, `"Deny"`)
			return nil
		}
		return w.insert(n, "effect", tree{value: repair.Value{Text: "Deny"}})
	}
	if e := n.get("Effect"); n.kind == object && e != nil && w.text(e) == "Allow" {
		text, err := w.like(e, repair.Value{Text: "Deny"})
		if err == nil {
			w.splice(e.start, e.end, text)
		}
		return err
	}
	return unwritable("the effect of the statement is not written out")
}

// deny adds a statement beside another that denies the same to others.
func (w *writer) deny(n *node, e repair.Edit) error {
	if n.kind == block && n.key == "statement" {
		return w.denyBlock(n, e)
	}
	p := n.parent
	if n.kind != object || p == nil || p.kind != list || p.key != "Statement" {
		return unwritable("the statements of the document are not written as a list")
	}
	var fields []field
	for _, c := range n.children {
		switch c.key {
		case "Action", "NotAction", "Resource", "NotResource":
			fields = append(fields, field{c.key, w.copied(c)})
		case "Principal", "NotPrincipal":
			fields = append(fields, field{"Principal", tree{value: repair.Value{Text: "*"}}})
		case "Effect":
			text, err := w.like(c, repair.Value{Text: "Deny"})
			if err != nil {
				return err
			}
			fields = append(fields, field{"Effect", tree{raw: text}})
		}
	}
	fields = append(fields, field{"Condition", conditionTree(e.Conditions)})
	return w.append(p, tree{fields: fields})
}

func (w *writer) denyBlock(n *node, e repair.Edit) error {
	var lines []field
	lines = append(lines, field{"effect", tree{value: repair.Value{Text: "Deny"}}})
	for _, name := range []string{"actions", "not_actions", "resources", "not_resources"} {
		if c := n.get(name); c != nil {
			lines = append(lines, field{name, w.copied(c)})
		}
	}
	star := []repair.Value{{Text: "*"}}
	lines = append(lines, field{"principals", tree{block: []field{{"type", tree{value: star[0]}}, {"identifiers", listTree(star)}}}})
	for _, c := range e.Conditions {
		lines = append(lines, field{"condition", tree{block: []field{
			{"test", tree{value: repair.Value{Text: c.Operator}}}, {"variable", tree{value: repair.Value{Text: c.Key}}}, {"values", listTree(c.Values)},
		}}})
	}
	statements := n.parent.blocks("statement")
	return w.insertBlockAfter(statements[len(statements)-1], "statement", lines)
}
