package reporters

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// Wrote reports whether a file is recognisably a report that one of the formats
// has written, so that a new report may take its place. An empty file is: nothing
// is lost with it.
func Wrote(content []byte) bool {
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	text = strings.TrimRight(text, "\n")
	if text == "" || wroteObject(content) || wroteList(content) || wroteCompact(text) {
		return true
	}
	for _, start := range []string{
		"<!-- iaclint:", "digraph iaclint {", "flowchart LR\n  subgraph outside [\"outside the zone of trust\"]",
		`{"Source":"iaclint","DetailType":"iaclint Finding `,
		`"severity","rule","status","certainty","public","principal",`,
	} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	for start, holds := range map[string]string{
		"<?xml":                    ` package="iaclint" hostname="localhost" timestamp="1970-01-01T00:00:00"`,
		"<!DOCTYPE html>\n<html l": `<title>External access: `,
	} {
		if strings.HasPrefix(text, start) && strings.Contains(text, holds) {
			return true
		}
	}
	return wroteText(text)
}

// wroteObject recognises the formats that are one JSON object.
func wroteObject(content []byte) bool {
	type named struct {
		Name string `json:"name"`
	}
	var o struct {
		Tool   named `json:"tool"`
		Source named `json:"source"`
		Runs   []struct {
			Tool struct {
				Driver named `json:"driver"`
			} `json:"tool"`
		} `json:"runs"`
		Rules []struct {
			Rule     string `json:"rule"`
			Archived *int   `json:"archived"`
		} `json:"rules"`
	}
	if !bytes.HasPrefix(content, []byte("{")) || json.Unmarshal(content, &o) != nil {
		return false
	}
	ours := o.Tool.Name == "iaclint" || o.Source.Name == "iaclint"
	ours = ours || len(o.Runs) > 0 && o.Runs[0].Tool.Driver.Name == "iaclint"
	return ours || len(o.Rules) > 0 && o.Rules[0].Rule != "" && o.Rules[0].Archived != nil // counts
}

// wroteList recognises the formats that are a JSON list, which is empty where
// nothing is found.
func wroteList(content []byte) bool {
	var list []struct {
		GeneratorID string `json:"GeneratorId"`
		CheckName   string `json:"check_name"`
		Fingerprint string `json:"fingerprint"`
	}
	if !bytes.HasPrefix(content, []byte("[")) || json.Unmarshal(content, &list) != nil {
		return false
	}
	for _, x := range list {
		if !strings.HasPrefix(x.GeneratorID, "iaclint/") && (x.CheckName == "" || x.Fingerprint == "") {
			return false
		}
	}
	return true
}

// wroteText recognises what is for people: by its first line, or by the last,
// which counts what was found.
func wroteText(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	last := text[strings.LastIndexByte(text, '\n')+1:]
	starts := regexp.MustCompile(`^(error|warning|note|info)\[[a-z0-9/-]+\]: `)
	counts := regexp.MustCompile(`^(analysis incomplete: \d+ errors?; )?(no external access found in|no resources found|no findings( to report)? in|answer: |\d+ findings? \([^)]*\) in) ?`)
	return starts.MatchString(first) || counts.MatchString(last)
}

// wroteCompact recognises lines of findings and diagnostics, a rule in one of them.
func wroteCompact(text string) bool {
	line := regexp.MustCompile(`^\S.*: (error|warning|note|info): .`)
	rule := regexp.MustCompile(` \[[a-z][a-z0-9/]*(-[a-z0-9/]+)+\]$`)
	ruled := false
	for l := range strings.SplitSeq(text, "\n") {
		if !line.MatchString(l) {
			return false
		}
		ruled = ruled || rule.MatchString(l)
	}
	return ruled
}
