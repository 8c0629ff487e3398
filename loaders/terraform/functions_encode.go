package terraform

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zclconf/go-cty-yaml"
)

// jsonEncode keeps the value that it is given: it is read as a document from
// there, with the places of the expressions in it.
func jsonEncode(c *call) *val {
	v := c.args[0]
	switch {
	case v.kind == unknown:
		return c.derived()
	case v.kind == mapping && (v.inst != nil || v.mod != nil):
		return c.derived()
	case v.maybe != nil:
		out := jsonEncode(&call{l: c.l, name: c.name, args: []*val{v.certain()}, at: c.at, span: c.span})
		return either([]*val{out, textVal("null", c.span)}, v.maybe, v.maybe.Name+" in jsonencode #"+tag("jsonencode", v), c.span)
	}
	if v.kind == mapping || v.kind == sequence {
		return &val{kind: text, json: v, docs: docsIn(v), span: c.span}
	}
	return &val{kind: text, text: encodeText(v), span: c.span}
}

// docsIn returns the documents that the texts of a value come from.
func docsIn(v *val) []string {
	var docs []string
	var add func(v *val)
	add = func(v *val) {
		docs = append(docs, v.docs...)
		for _, i := range v.items {
			add(i)
		}
		for _, f := range v.fields {
			add(f.val)
		}
	}
	add(v)
	return docs
}

func jsonDecode(c *call) *val {
	v := c.args[0]
	if v.kind == unknown || v.maybe != nil {
		return c.derived()
	}
	if v.kind != text {
		return c.errorf("expected a string, found %s", v.kind)
	}
	tree, diags, ok := c.l.decode(v)
	switch {
	case ok:
		return tree
	case v.string().Parts != nil || len(diags) == 0:
		return c.derived()
	}
	c.l.failures++
	c.l.diags = append(c.l.diags, diags...)
	return c.l.failed(c.span)
}

// yamlEncode remembers what its result was made of, known or not: a template is read
// from there, with the places of the expressions in it.
func yamlEncode(c *call) *val {
	v := inverse("yamldecode", library(yaml.YAMLEncodeFunc))(c)
	if v.kind == text && v.from == nil {
		v = v.at(v.span)
		v.from = &origin{function: c.name, arg: c.args[0]}
	}
	return v
}

// yamlDecode refuses documents whose aliases may stand for very much.
func yamlDecode(c *call) *val {
	s, known := c.args[0].known()
	if !known {
		return c.derived()
	}
	if strings.Count(s, "*") > 20 && strings.Contains(s, "&") {
		return c.errorf("the document has too many aliases")
	}
	if deepYAML(s) {
		return c.errorf("the document is nested too deep")
	}
	return library(yaml.YAMLDecodeFunc)(c)
}

// deepYAML reports whether a document may be nested deeper than is read.
func deepYAML(s string) bool {
	depth := 0
	for line := range strings.Lines(s) {
		indent := len(line) - len(strings.TrimLeft(line, " -?"))
		for _, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
		}
		if indent+depth > 500 {
			return true
		}
	}
	return false
}

func base64Encode(s string) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}

func base64Decode(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the text is not base64")
	}
	if !utf8.Valid(b) {
		return "", errors.New("the text is base64 of what is not UTF-8")
	}
	return string(b), nil
}

func base64Gzip(s string) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

func base64Gunzip(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the text is not base64")
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return "", errors.New("the text is not gzip")
	}
	out, err := io.ReadAll(io.LimitReader(r, maxUnzipped+1))
	if err != nil || len(out) > maxUnzipped || !utf8.Valid(out) {
		return "", errors.New("the text is not gzip of UTF-8, or too large")
	}
	return string(out), nil
}

// textEncode knows the encodings that need no tables.
func textEncode(s, encoding string) (string, error) {
	var b []byte
	switch strings.ToUpper(encoding) {
	case "UTF-8", "UTF8":
		b = []byte(s)
	case "UTF-16LE":
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
	case "UTF-16BE":
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u>>8), byte(u))
		}
	case "US-ASCII", "ASCII", "ISO-8859-1", "LATIN1":
		limit := rune(256)
		if strings.HasSuffix(strings.ToUpper(encoding), "ASCII") {
			limit = 128
		}
		for _, r := range s {
			if r >= limit {
				return "", fmt.Errorf("the text has characters that %s has not", encoding)
			}
			b = append(b, byte(r))
		}
	default:
		return "", fmt.Errorf("encoding %q is not known here, expected UTF-8, UTF-16LE, UTF-16BE, US-ASCII or ISO-8859-1", encoding)
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

func textDecode(s, encoding string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the text is not base64")
	}
	switch strings.ToUpper(encoding) {
	case "UTF-8", "UTF8", "US-ASCII", "ASCII":
		if utf8.Valid(b) {
			return string(b), nil
		}
	case "UTF-16LE", "UTF-16BE":
		if len(b)%2 == 0 {
			units := make([]uint16, len(b)/2)
			for i := range units {
				lo, hi := b[2*i], b[2*i+1]
				if strings.HasSuffix(strings.ToUpper(encoding), "BE") {
					lo, hi = hi, lo
				}
				units[i] = uint16(lo) | uint16(hi)<<8
			}
			return string(utf16.Decode(units)), nil
		}
	case "ISO-8859-1", "LATIN1":
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes), nil
	default:
		return "", fmt.Errorf("encoding %q is not known here, expected UTF-8, UTF-16LE, UTF-16BE, US-ASCII or ISO-8859-1", encoding)
	}
	return "", fmt.Errorf("the text is not in %s", encoding)
}

func urlEncode(s string) (string, error) { return url.QueryEscape(s), nil }

func urlDecode(s string) (string, error) { return url.QueryUnescape(s) }

func hexMD5(s string) (string, error) {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:]), nil
}

func hexSHA1(s string) (string, error) {
	h := sha1.Sum([]byte(s))
	return hex.EncodeToString(h[:]), nil
}

func hexSHA256(s string) (string, error) {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:]), nil
}

func hexSHA512(s string) (string, error) {
	h := sha512.Sum512([]byte(s))
	return hex.EncodeToString(h[:]), nil
}

func base64SHA256(s string) (string, error) {
	h := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(h[:]), nil
}

func base64SHA512(s string) (string, error) {
	h := sha512.Sum512([]byte(s))
	return base64.StdEncoding.EncodeToString(h[:]), nil
}

// uuidV5 makes the identifier of a name in a namespace.
//
// https://www.rfc-editor.org/rfc/rfc9562#section-5.5
func uuidV5(namespace, name string) (string, error) {
	known := map[string]string{
		"dns": "6ba7b8109dad11d180b400c04fd430c8", "url": "6ba7b8119dad11d180b400c04fd430c8",
		"oid": "6ba7b8129dad11d180b400c04fd430c8", "x500": "6ba7b8149dad11d180b400c04fd430c8",
	}
	space, ok := known[namespace]
	if !ok {
		space = strings.ReplaceAll(namespace, "-", "")
	}
	raw, err := hex.DecodeString(space)
	if err != nil || len(raw) != 16 {
		return "", fmt.Errorf("namespace %q is neither dns, url, oid, x500 nor a UUID", namespace)
	}
	h := sha1.Sum(append(raw, name...))
	h[6] = h[6]&0x0f | 0x50
	h[8] = h[8]&0x3f | 0x80
	s := hex.EncodeToString(h[:16])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:], nil
}

// ofPath makes a function of the last step of a path. Only what is behind the last
// slash, or before it, has to be known.
func ofPath(known func(string) string, part func(head *val, at int) *val) func(*call) *val {
	whole := onText(func(s string) (string, error) { return known(s), nil })
	return func(c *call) *val {
		t, ok := c.args[0].scalarText()
		if !ok || len(t.Parts) < 2 || c.args[0].maybe != nil {
			return whole(c)
		}
		last := t.Parts[len(t.Parts)-1]
		at := strings.LastIndexByte(last.Literal, '/')
		if last.Ref != nil || at < 0 || strings.HasSuffix(last.Literal, "/") || strings.Contains(last.Literal, "..") || strings.Contains(last.Literal, "//") {
			return whole(c)
		}
		return part(c.args[0], at)
	}
}

func baseName(c *call) *val {
	return ofPath(path.Base, func(v *val, at int) *val {
		t, _ := v.scalarText()
		return textVal(t.Parts[len(t.Parts)-1].Literal[at+1:], c.resultSpan())
	})(c)
}

// dirName is computed for paths of the file system only: what is not known at the
// beginning of another may be empty.
func dirName(c *call) *val {
	return ofPath(path.Dir, func(v *val, at int) *val {
		t, _ := v.scalarText()
		if name, ok := belowTop(t); ok {
			return absolute(path.Dir(name), c.resultSpan())
		}
		return c.derived()
	})(c)
}

func timeCompare(c *call) *val {
	a, ok := c.args[0].known()
	b, alsoOK := c.args[1].known()
	if !ok || !alsoOK {
		return c.derived()
	}
	t, err := time.Parse(time.RFC3339, a)
	u, err2 := time.Parse(time.RFC3339, b)
	if err != nil || err2 != nil {
		return c.errorf("expected two times such as 2026-01-31T12:00:00Z")
	}
	return intVal(t.Compare(u), c.span)
}
