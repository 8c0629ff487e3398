package cli

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// habits are turns of phrase that plain English has not, each with the better one.
var habits = []struct{ habit, better string }{
	{`(?i)\bthe own (account|organization|rules)\b`, "your …, custom …"},
	{`(?i)\bis no (action|archive|baseline|boolean|command|condition|configuration|date|error|file|grant|input|JSON|list|literal|manifest|name|object|pattern|plan|policy|principal|report|resource|revision|role|rule|statement|template|text|variable|wildcard)\b`, "is not a …"},
	{`(?i)\bare no (ARNs|characters|dates|errors|files|inputs|letters|policies|rules|templates|texts|wildcards)\b`, "are not …"},
	{`(?i)\ban? \w+ that is to go\b`, "a … that is removed"},
}

// What people read, comments among it, is plain English: the habits that crept in
// once do not come back.
func TestWords(t *testing.T) {
	patterns := map[*regexp.Regexp]string{}
	for _, h := range habits {
		patterns[regexp.MustCompile(h.habit)] = h.better
	}
	looked := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "words_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		files := token.NewFileSet()
		var s scanner.Scanner
		s.Init(files.AddFile(path, -1, len(text)), text, nil, scanner.ScanComments)
		for {
			at, kind, words := s.Scan()
			if kind == token.EOF {
				return nil
			}
			if kind != token.COMMENT && kind != token.STRING {
				continue
			}
			for pattern, better := range patterns {
				for _, found := range pattern.FindAllStringIndex(words, -1) {
					if before := strings.ToLower(strings.TrimRight(words[:found[0]], " \n\t/")); strings.HasSuffix(before, "there") {
						continue
					}
					t.Errorf("%s: %q; write %q", files.Position(at), words[found[0]:found[1]], better)
				}
			}
		}
	})
	if err != nil || looked < 300 {
		t.Errorf("%d files: %v", looked, err)
	}
}
