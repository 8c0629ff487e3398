// Package arn takes Amazon Resource Names apart and puts them together.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
package arn

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/value"
)

// ARN is a name by its parts, or a pattern: then each part may have wildcards.
type ARN struct {
	Partition, Service, Region, Account string
	Resource                            string // all behind the fifth colon: "role/path/name", "bucket/key"
}

// fields of an ARN, "arn" included.
const fields = 6

// Parse takes a text apart that begins with "arn:" and has all parts; any of them
// may be empty.
func Parse(s string) (ARN, bool) {
	f := Fields(s)
	if len(f) < fields || f[0] != "arn" {
		return ARN{}, false
	}
	return ARN{f[1], f[2], f[3], f[4], f[5]}, true
}

// String puts the parts together.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// AccountOf returns the account that an ARN names, "" of a text that is not an ARN
// and of an ARN without an account.
func AccountOf(s string) string {
	a, _ := Parse(s)
	return a.Account
}

// Fields are the parts of a text that AWS compares part by part with ARNs, "arn" or
// what stands in its place first. A pattern may have fewer than six.
func Fields(s string) []string { return strings.SplitN(s, ":", fields) }

// PartitionOf returns the partition of an ARN that need not have all parts; "" where
// none is spelled out.
func PartitionOf(s string) string {
	f := Fields(s)
	if len(f) < 3 || f[0] != "arn" || strings.ContainsAny(f[1], "*?$") {
		return ""
	}
	return f[1]
}

// Text is an ARN of which parts may not be known.
type Text struct {
	Partition, Service, Region, Account, Resource value.Text
}

// ParseText takes an ARN apart whose parts do not run into what is not known.
func ParseText(t value.Text) (Text, bool) {
	parts := []value.Text{{}}
	add := func(u value.Text) { parts[len(parts)-1] = value.Join(parts[len(parts)-1], u) }
	pieces := t.Parts
	if pieces == nil {
		pieces = []value.Part{{Literal: t.Literal}}
	}
	for _, p := range pieces {
		if p.Ref != nil {
			if p.Ref.Is == value.Anything && len(parts) < fields && p.Ref.Values == nil {
				return Text{}, false // may have a colon in it
			}
			add(value.Text{Parts: []value.Part{p}})
			continue
		}
		for n, s := range strings.SplitN(p.Literal, ":", fields-len(parts)+1) {
			if n > 0 {
				parts = append(parts, value.Text{})
			}
			add(value.Lit(s))
		}
	}
	if s, known := parts[0].Known(); len(parts) != fields || !known || s != "arn" {
		return Text{}, false
	}
	return Text{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

// Join puts the parts together.
func (t Text) Join() value.Text {
	colon := value.Lit(":")
	return value.Join(value.Lit("arn:"), t.Partition, colon, t.Service, colon, t.Region, colon, t.Account, colon, t.Resource)
}
