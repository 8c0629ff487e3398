package reporters

import (
	"fmt"
	"path"
	"strings"
)

// relativeURI returns a path of the report as a relative URI reference with
// nothing in it that could be taken for a scheme, a host, a query or a step
// upward: code scanning refuses a whole file for one of these. It is never
// empty.
//
// https://www.rfc-editor.org/rfc/rfc3986#section-4.2
func relativeURI(p string) string {
	const unreserved = "-._~"
	p = strings.TrimPrefix(path.Clean("/"+p), "/")
	if p == "" {
		return "unknown"
	}
	var b strings.Builder
	for i := range len(p) {
		c := p[i]
		switch {
		case c == '/', c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', strings.IndexByte(unreserved, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// inRepository reports whether a path is that of a file that may be under
// version control: neither a module's source address, nor a path outside the
// input's root, nor what terraform init has fetched.
func inRepository(p string) bool {
	return p != "" && !strings.HasPrefix(p, "/") && !strings.Contains(p, "://") && !strings.Contains(p, "::") &&
		p != ".." && !strings.HasPrefix(p, "../") && !strings.Contains("/"+p, "/.terraform/")
}
