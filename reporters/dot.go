package reporters

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// colours of access, the same in every picture.
var reachColour = map[reach]string{reads: "#2563eb", writes: "#d97706", permits: "#dc2626"}

const archivedColour = "#9ca3af"

func (e edge) colour() string {
	if e.archived {
		return archivedColour
	}
	return reachColour[e.reach]
}

// writeDOT writes the graph for Graphviz: dot -Tsvg.
//
// https://graphviz.org/doc/info/lang.html
func writeDOT(w io.Writer, r finding.Report, _ Options) error {
	g := graphOf(r)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "digraph iaclint {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	fmt.Fprint(out, "  subgraph cluster_outside {\n    label=\"outside the zone of trust\";\n    style=dashed;\n")
	for i, p := range g.parties {
		label := p.name
		if p.kind != anyone {
			label = p.kind.String() + "\n" + p.name
		}
		fmt.Fprintf(out, "    p%d [label=%s];\n", i, dotString(label))
	}
	fmt.Fprint(out, "  }\n  subgraph cluster_inside {\n    label=\"resources\";\n")
	for i, n := range g.resources {
		fmt.Fprintf(out, "    r%d [label=%s, tooltip=%s];\n", i, dotString(n.name+"\n"+n.kind), dotString(strings.TrimSpace(n.address+" "+n.path)))
	}
	fmt.Fprint(out, "  }\n")
	for _, e := range g.edges {
		style := "solid"
		if e.conditional || e.undetermined {
			style = "dashed"
		}
		fmt.Fprintf(out, "  p%d -> r%d [label=%s, color=\"%s\", style=%s];\n", e.from, e.to, dotString(e.label()), e.colour(), style)
	}
	if len(r.Hidden) > 0 {
		fmt.Fprintf(out, "  labelloc=b;\n  label=%s;\n", dotString("hidden by "+strings.Join(allPrintable(r.Hidden), "\nhidden by ")))
	}
	fmt.Fprint(out, "}\n")
	return out.Flush()
}

// dotString quotes a text of printable lines. Labels know entities and
// backslashes of their own.
func dotString(s string) string {
	parts := strings.Split(s, "\n")
	for i := range parts {
		parts[i] = dotEscapes.Replace(parts[i])
	}
	return `"` + strings.Join(parts, `\n`) + `"`
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;")
