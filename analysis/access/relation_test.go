package access

import (
	"strings"
	"testing"
)

// One pattern includes another one only if, whatever the variables are, each text
// that the narrower one matches is matched by the wider one: all patterns of up to
// four pieces, all texts of up to four characters.
func TestIncludesPieces(t *testing.T) {
	const prefix = "arn:aws:s3:::"
	var patterns [][]piece
	kinds := []piece{{literal: "a"}, {literal: "b"}, {literal: "*"}, {literal: "?"}, {variable: "aws:username"}, {variable: "aws:UserName"}, {variable: "aws:userid"}}
	var extend func(ps []piece, n int)
	extend = func(ps []piece, n int) {
		patterns = append(patterns, append([]piece{{literal: prefix}}, ps...))
		if n > 0 {
			for _, k := range kinds {
				extend(append(ps[:len(ps):len(ps)], k), n-1)
			}
		}
	}
	extend(nil, 3)
	texts := []string{""}
	for start, n := 0, 0; n < 4; n++ {
		end := len(texts)
		for _, s := range texts[start:end] {
			texts = append(texts, s+"a", s+"b")
		}
		start = end
	}
	// matched are the texts that a pattern matches with each pair of values.
	values := []string{"", "a", "b", "ab"}
	matched := make([][]bool, len(patterns))
	for i, ps := range patterns {
		for _, name := range values {
			for _, id := range values {
				var glob strings.Builder
				for _, p := range ps[1:] {
					switch strings.ToLower(p.variable) {
					case "aws:username":
						glob.WriteString(name)
					case "aws:userid":
						glob.WriteString(id)
					}
					glob.WriteString(p.literal)
				}
				for _, text := range texts {
					matched[i] = append(matched[i], naiveGlob(glob.String(), text))
				}
			}
		}
	}
	included := 0
	for i, wide := range patterns {
		for k, narrow := range patterns {
			if !includesPieces(wide, narrow) {
				if i == k {
					t.Errorf("%v does not include itself", wide)
				}
				continue
			}
			included++
			for n := range matched[i] {
				if matched[k][n] && !matched[i][n] {
					t.Fatalf("%v does not include %v", wide, narrow)
				}
			}
		}
	}
	if included < 2*len(patterns) {
		t.Errorf("%d of %d patterns", included, len(patterns))
	}
	for _, c := range [][2]string{{"arn:aws:s3:*", "arn:aws:s3:::b"}, {"*", "arn:aws:s3:::b"}} {
		if includesPieces([]piece{{literal: c[0]}}, []piece{{literal: c[1]}}) {
			t.Errorf("%s is no ARN", c[0])
		}
	}
	// The value of a variable may have the colons that end a part.
	wide := []piece{{literal: "arn:aws:s3:*:*:x"}}
	if includesPieces(wide, []piece{{literal: "arn:aws:s3:"}, {variable: "aws:userid"}, {literal: ":1:x"}}) {
		t.Error("a star before the last part takes any value")
	}
}

// naiveGlob matches by trying all ways.
func naiveGlob(glob, text string) bool {
	switch {
	case glob == "":
		return text == ""
	case glob[0] == '*':
		return naiveGlob(glob[1:], text) || text != "" && naiveGlob(glob, text[1:])
	}
	return text != "" && (glob[0] == '?' || glob[0] == text[0]) && naiveGlob(glob[1:], text[1:])
}
