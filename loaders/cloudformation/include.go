package cloudformation

import (
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
)

// maxFile is the size of a file that a template refers to.
const maxFile = 16 << 20

// loaded is a file that a template refers to.
type loaded struct {
	file *source.File
	root value.Value
	ok   bool
}

// local returns the name, below the root of the input, of a file that a template
// refers to; ok is false for what is not a file here, such as a URL.
func (s *scope) local(location string) (name string, ok bool) {
	if location == "" || strings.Contains(location, "://") || strings.HasPrefix(location, "/") || strings.Contains(location, "\\") {
		return "", false
	}
	name = path.Join(path.Dir(s.file.Name), location)
	return name, fs.ValidPath(name)
}

// read reads and parses a file below the root of the input, once.
func (e *evaluator) read(name string, span source.Span, what string) loaded {
	if got, ok := e.files[name]; ok {
		return got
	}
	var l loaded
	if content, ok := e.content(name, span, what); ok {
		l.file = source.NewFile(name, content)
		root, diags := parse(l.file)
		e.diags = append(e.diags, diags...)
		l.root, l.ok = root, root.Kind != value.Absent
	}
	e.files[name] = l
	return l
}

func (e *evaluator) content(name string, span source.Span, what string) ([]byte, bool) {
	f, err := e.options.FS.Open(name)
	if err != nil {
		e.errorf(span, "%s %q cannot be read: %s", what, name, cause(err))
		return nil, false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		e.errorf(span, "%s %q cannot be read: expected a regular file", what, name)
		return nil, false
	}
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		e.errorf(span, "%s %q cannot be read: %s", what, name, cause(err))
	case len(content) > maxFile:
		e.errorf(span, "%s %q is larger than %d MiB, which is the most that is read", what, name, maxFile>>20)
	default:
		return content, true
	}
	return nil, false
}

// cause is an error of the file system without the path.
func cause(err error) string {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// transform evaluates Fn::Transform as the only key of an object.
func (e *evaluator) transform(s *scope, v, arg value.Value) value.Value {
	name, _ := arg.Get("Name").Text.Known()
	if name != includeTransform {
		e.transformed(s, arg)
		return unknown(v.Span, "macro "+name)
	}
	included, ok := e.included(s, arg)
	if !ok {
		return unknown(v.Span, includeTransform)
	}
	got, _ := e.value(s, included)
	return got
}

// transformed returns what a macro puts in its place among the fields of an
// object. Only AWS::Include is known, and only of files that are here.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
func (e *evaluator) transformed(s *scope, arg value.Value) []value.Field {
	items := []value.Value{arg}
	if arg.Kind == value.List {
		items = arg.Items
	}
	var out []value.Field
	for _, item := range items {
		name, known := item.Get("Name").Text.Known()
		switch {
		case item.Kind != value.Map || !known || name == "":
			e.errorf(item.Span, "expected an object with %q for \"Fn::Transform\", found %s", "Name", item.Kind)
		case name == includeTransform:
			out = append(out, e.include(s, item)...)
		default:
			s.loose = true
			e.unreadTemplate(s, item.Span, name, macro)
		}
	}
	return out
}

// include returns the fields of the object that AWS::Include brings.
func (e *evaluator) include(s *scope, v value.Value) []value.Field {
	included, ok := e.included(s, v)
	if !ok {
		return nil
	}
	if included.Kind != value.Map {
		e.errorf(v.Span, "expected the included file to hold an object, found %s", included.Kind)
		return nil
	}
	return included.Fields
}

func (e *evaluator) included(s *scope, v value.Value) (value.Value, bool) {
	raw := v.Get("Parameters").Get("Location")
	location, known := raw.Text.Known()
	name, isLocal := s.local(location)
	if raw.Kind != value.String || !known || !isLocal || e.options.FS == nil {
		s.loose = true
		e.unreadTemplate(s, v.Span, sourceText(raw), notIncluded)
		return value.Value{}, false
	}
	l := e.read(name, raw.Span, "included file")
	return l.root, l.ok
}
