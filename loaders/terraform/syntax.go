package terraform

import (
	"crypto/sha256"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/loaders/hclsize"
)

// Syntax keeps the syntax trees of modules that many root modules call, so that a
// run parses their files twice and not once a call. It is safe for use by several
// loaders at once, and what is loaded does not depend on it.
type Syntax struct {
	mu     sync.Mutex
	trees  map[syntaxKey]*parsed
	pieces int // of the trees that are kept
}

// syntaxKey tells files apart: the places in a tree have the name of the file.
type syntaxKey struct {
	name  string
	start int // 3 after a byte order mark
	text  [sha256.Size]byte
}

// parsed is what the parser makes of a text.
type parsed struct {
	body  *hclsyntax.Body
	diags hcl.Diagnostics
}

// maxKept bounds the memory that trees are kept in: a piece takes a few hundred bytes.
const maxKept = hclsize.Max / 4

// parse parses a text. A tree is kept when its text is met for the second time: most
// files are those of one root module.
func (s *Syntax) parse(text []byte, name string, start hcl.Pos) (*hclsyntax.Body, hcl.Diagnostics) {
	key := syntaxKey{name, start.Byte, sha256.Sum256(text)}
	s.mu.Lock()
	kept, met := s.trees[key]
	s.mu.Unlock()
	if kept != nil {
		return kept.body, kept.diags
	}
	p := parse(text, name, start)
	n := hclsize.Pieces(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.trees == nil:
		s.trees = map[syntaxKey]*parsed{key: nil}
	case !met:
		s.trees[key] = nil
	case s.trees[key] == nil && s.pieces+n <= maxKept:
		s.trees[key] = &p
		s.pieces += n
	}
	return p.body, p.diags
}

func parse(text []byte, name string, start hcl.Pos) parsed {
	file, diags := hclsyntax.ParseConfig(text, name, start)
	if file == nil {
		return parsed{nil, diags}
	}
	body, _ := file.Body.(*hclsyntax.Body)
	return parsed{body, diags}
}
