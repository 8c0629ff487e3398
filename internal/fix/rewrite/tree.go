package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/yamltree"
)

// kind of a node.
type kind uint8

const (
	scalar kind = iota
	object
	list
	block // of HCL: its children are its arguments and blocks
	other // an expression around others
)

// style is how the children of a node are written.
type style uint8

const (
	json      style = iota // also JSON within a text
	flow                   // of YAML, in brackets
	indented               // of YAML
	hclStyle               // an object, list or block of HCL
	rootStyle              // a file of HCL
)

// node is a piece of a file with the pieces in it. Offsets are those of the file.
type node struct {
	kind       kind
	style      style
	start, end int
	head       int    // of a block: the end of its type and labels
	key        string // in an object or a block; of a block its type
	from       int    // where the key begins; start where there is none
	labels     []string
	parent     *node
	children   []*node
}

func (n *node) add(child *node) {
	child.parent = n
	n.children = append(n.children, child)
}

// get returns the child with that key, nil if there is none.
func (n *node) get(key string) *node {
	for i := len(n.children) - 1; i >= 0; i-- {
		if c := n.children[i]; c.key == key && c.kind != block {
			return c
		}
	}
	return nil
}

// blocks returns the blocks of a type.
func (n *node) blocks(kinds ...string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.kind == block && slices.Contains(kinds, c.key) {
			out = append(out, c)
		}
	}
	return out
}

// find returns the outermost node that is written exactly there; of a block, its
// head will do.
func (n *node) find(start, end int) *node {
	if n.start == start && (n.end == end || n.kind == block && n.head == end) {
		return n
	}
	for _, c := range n.children {
		if c.start <= start && end <= c.end {
			if found := c.find(start, end); found != nil {
				return found
			}
		}
	}
	return nil
}

// deepest returns the innermost node around a place.
func (n *node) deepest(start, end int) *node {
	for _, c := range n.children {
		if c.start <= start && end <= c.end {
			return c.deepest(start, end)
		}
	}
	return n
}

// maxDepth of what is edited; nothing that AWS takes is as deep.
const maxDepth = 100

// parse reads a file as what its name and its content say it is.
func parse(name string, content []byte) (*node, error) {
	if isHCL(name) {
		return parseHCL(name, content)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) {
		return parseJSON(content, len(content)-len(text), len(content), true)
	}
	return parseYAML(name, content)
}

func isHCL(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tofu")
}

// everyTag keeps the tree of a value with a tag, which is written as a piece.
var everyTag = yamltree.Tags{"*": tagged}

const tagged = "\x00tag"

func parseYAML(name string, content []byte) (*node, error) {
	file := source.NewFile(name, content)
	docs, diags := yamltree.Parse(file, everyTag)
	if len(diags) > 0 || len(docs) != 1 {
		return nil, unwritable("the file is not one document of YAML")
	}
	return ofYAML(docs[0], content, 0), nil
}

// ofYAML makes nodes of values. What an alias stands for is written elsewhere,
// and is no part of the place that names it.
func ofYAML(v value.Value, content []byte, depth int) *node {
	n := &node{start: v.Span.Start, from: v.Span.Start, end: v.Span.End, style: indented}
	inside := func(s source.Span) bool { return s.Start >= n.start && s.End <= n.end && s.Start <= s.End }
	if depth > maxDepth || n.start >= len(content) || n.end > len(content) || n.end <= n.start {
		return n
	}
	if c := content[n.start]; c == '{' || c == '[' {
		n.style = flow
	}
	switch {
	case v.Kind == value.Map && len(v.Fields) == 1 && v.Fields[0].Key == tagged:
		if inner := v.Fields[0].Value; inside(inner.Span) && inner.Kind != value.Map {
			n.kind = other
			n.add(ofYAML(inner, content, depth+1))
		}
	case v.Kind == value.Map:
		n.kind = object
		for _, f := range v.Fields {
			if !inside(f.KeySpan) {
				continue
			}
			c := &node{start: f.KeySpan.End, end: f.KeySpan.End, style: indented} // an alias, or nothing
			if inside(f.Value.Span) && f.Value.Span.Start >= f.KeySpan.End {
				c = ofYAML(f.Value, content, depth+1)
			}
			c.key, c.from = f.Key, f.KeySpan.Start
			n.add(c)
		}
	case v.Kind == value.List:
		n.kind = list
		for _, item := range v.Items {
			if inside(item.Span) {
				n.add(ofYAML(item, content, depth+1))
			} else {
				n.kind = scalar // of which not all is here
			}
		}
		if n.kind == scalar {
			n.children = nil
		}
	}
	return n
}

// inOrder sorts pieces by their place.
func inOrder(list []*node) {
	slices.SortStableFunc(list, func(a, b *node) int { return a.from - b.from })
}
