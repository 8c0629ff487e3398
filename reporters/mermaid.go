package reporters

import (
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Limits of Mermaid as GitHub and others leave them.
//
// https://mermaid.js.org/config/schema-docs/config.html
const (
	mermaidBytes = 50_000
	mermaidEdges = 500
)

// writeMermaid writes the graph for Mermaid, as much of it as Mermaid draws.
func writeMermaid(w io.Writer, r finding.Report, o Options) error {
	var hidden strings.Builder
	for i, h := range r.Hidden {
		fmt.Fprintf(&hidden, "  hidden%d[\"hidden by %s\"]\n", i, mermaidText(printable(h)))
	}
	s, left := mermaid(graphOf(r), mermaidBytes-hidden.Len(), mermaidEdges)
	s += hidden.String()
	if left > 0 {
		o.say("mermaid: %d edges are left out, the weakest: Mermaid draws %d, in %d bytes", left, mermaidEdges, mermaidBytes)
	}
	_, err := io.WriteString(w, s)
	return err
}

// mermaid returns a flow chart of the strongest edges, and how many it left out.
func mermaid(g graph, most, edges int) (string, int) {
	n := min(len(g.edges), edges)
	for {
		if s := flowchart(g, n); len(s) <= most || n == 0 {
			return s, len(g.edges) - n
		}
		n = n * 3 / 4
	}
}

func flowchart(g graph, n int) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	strong := g.edges[:n]
	drawnParty, drawnResource := map[int]bool{}, map[int]bool{}
	for _, e := range strong {
		drawnParty[e.from], drawnResource[e.to] = true, true
	}
	b.WriteString("  subgraph outside [\"outside the zone of trust\"]\n")
	for i, p := range g.parties {
		if drawnParty[i] {
			label := p.name
			if p.kind != anyone {
				label = p.kind.String() + " " + p.name
			}
			fmt.Fprintf(&b, "    p%d[\"%s\"]\n", i, mermaidText(label))
		}
	}
	b.WriteString("  end\n  subgraph inside [\"resources\"]\n")
	for i, r := range g.resources {
		if drawnResource[i] {
			fmt.Fprintf(&b, "    r%d[\"%s\"]\n", i, mermaidText(strings.TrimSpace(r.kind+" "+r.name)))
		}
	}
	b.WriteString("  end\n")
	for _, e := range strong {
		line := "-->"
		if e.conditional || e.undetermined {
			line = "-.->"
		}
		fmt.Fprintf(&b, "  p%d %s|%s| r%d\n", e.from, line, e.label(), e.to)
	}
	for i, e := range strong {
		fmt.Fprintf(&b, "  linkStyle %d stroke:%s\n", i, e.colour())
	}
	if left := len(g.edges) - n; left > 0 {
		fmt.Fprintf(&b, "  more[\"%d more\"]\n", left)
	}
	if len(g.edges) == 0 {
		b.WriteString("  none[\"no external access\"]\n")
	}
	return b.String()
}

// mermaidText escapes a printable text for a quoted label.
//
// https://mermaid.js.org/syntax/flowchart.html
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range middle(s, 200) {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', strings.ContainsRune(" .,/:_-", r), r >= 0x80:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
