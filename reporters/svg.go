package reporters

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
)

// Measures of the picture, in its own units.
const (
	drawnParties   = 16
	drawnResources = 24
	boxWidth       = 300
	boxHeight      = 38
	rowHeight      = 46
	pictureWidth   = 960
	headHeight     = 26
)

// picture draws who reaches what. Strength is told by colour and by width, a
// condition by dashes, and all of it in the title of every edge.
func (p *page) picture(r finding.Report, findings []finding.Finding, anchors []string) {
	g := condense(graphOf(r), drawnParties, drawnResources)
	if len(g.edges) == 0 {
		return
	}
	target := map[string]string{}
	for i := len(findings) - 1; i >= 0; i-- {
		target[findings[i].ID] = anchors[i]
	}
	g.untangle()
	rows := max(len(g.parties), len(g.resources))
	height := headHeight + rows*rowHeight
	y := func(i, n int) float64 {
		return float64(headHeight) + (float64(i)+0.5)*float64(rows*rowHeight)/float64(n)
	}
	p.add("<section>\n<h2 id=\"picture\">Picture</h2>\n<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"who outside the zone of trust reaches which resource\">\n", pictureWidth, height)
	p.add("<text class=\"head\" x=\"0\" y=\"14\">outside the zone of trust</text><text class=\"head\" x=\"%d\" y=\"14\">resources</text>\n", pictureWidth-boxWidth)
	// The weak first, so that the strong lie above them.
	for _, e := range slices.Backward(g.edges) {
		y1, y2 := y(e.from, len(g.parties)), y(e.to, len(g.resources))
		class := [...]string{"reads", "writes", "permits"}[e.reach]
		if e.conditional || e.undetermined {
			class += " dashed"
		}
		if e.archived {
			class += " gone"
		}
		x1, x2 := boxWidth, pictureWidth-boxWidth
		middleX := (x1 + x2) / 2
		p.add("<a href=\"#%s\"><path class=\"%s\" d=\"M%d %.1fC%d %.1f %d %.1f %d %.1f\"><title>%s to %s: %s; %s</title></path></a>\n", target[e.findings[0].ID], class,
			x1, y1, middleX, y1, middleX, y2, x2, y2, g.parties[e.from].name, g.resources[e.to].name, e.label(), messages(e))
	}
	for i, q := range g.parties {
		kind := q.kind.String()
		if q.kind == anyone {
			kind = "whoever asks"
		}
		p.box("out", 0, y(i, len(g.parties)), q.name, kind, q.name)
	}
	for i, n := range g.resources {
		kind := n.kind
		if kind == "" {
			kind = "type not known"
		}
		if n.name == n.address && n.path != "" {
			kind = strings.TrimSpace(kind + " " + n.path)
		}
		p.box("in", pictureWidth-boxWidth, y(i, len(g.resources)), n.name, kind, strings.TrimSpace(n.name+" "+n.address+" "+n.path))
	}
	p.add("</svg>\n</figure>\n<ul class=\"legend\">\n")
	for _, l := range []struct{ class, text string }{
		{"reads", "read"}, {"writes", "write"}, {"permits", "permissions"}, {"writes dashed", "under a condition, or undetermined"}, {"reads gone", "archived"},
	} {
		p.add("<li><svg viewBox=\"0 0 40 10\" aria-hidden=\"true\"><path class=\"%s\" d=\"M2 5L38 5\"/></svg>%s</li>\n", l.class, l.text)
	}
	p.add("</ul>\n</section>\n")
}

// box draws a party or a resource at a height.
func (p *page) box(class string, x int, y float64, name, kind, title string) {
	p.add("<g class=\"%s\"><title>%s</title><rect x=\"%d.5\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"6\"/><text x=\"%d\" y=\"%.1f\">%s</text><text class=\"kind\" x=\"%d\" y=\"%.1f\">%s</text></g>\n",
		class, title, x, y-boxHeight/2, boxWidth-1, boxHeight, x+10, y-2, middle(name, 38), x+10, y+12, middle(kind, 46))
}

// messages are those of an edge's findings, the first few.
func messages(e edge) string {
	var out []string
	for _, f := range e.findings {
		out = append(out, printable(f.Message))
	}
	if more := e.count - len(out); more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, "; ")
}

// condense makes a graph small enough to look at: of more than so many parties
// those with the weakest access are joined, each kind to one; of more than so
// many resources first those of one kind that the same parties reach in the same
// way, then the rest of each kind.
func condense(g graph, parties, resources int) graph {
	left := keep(len(g.parties), parties, g.edges, func(e edge) int { return e.from })
	g = g.join(func(i int) string {
		if left[i] {
			return fmt.Sprintf("one %d", i)
		}
		return "kind " + g.parties[i].kind.String()
	}, func(i int) string { return fmt.Sprintf("one %d", i) })
	if len(g.resources) <= resources {
		return g
	}
	reached := make([]string, len(g.resources))
	for _, e := range slices.SortedStableFunc(slices.Values(g.edges), func(a, b edge) int { return cmp.Compare(a.from, b.from) }) {
		reached[e.to] += fmt.Sprintf("%d %s;", e.from, e.label())
	}
	one := func(i int) string { return fmt.Sprintf("one %d", i) }
	g = g.join(one, func(i int) string { return g.resources[i].kind + " " + reached[i] })
	right := keep(len(g.resources), resources, g.edges, func(e edge) int { return e.to })
	return g.join(one, func(i int) string {
		if right[i] {
			return one(i)
		}
		return "kind " + g.resources[i].kind
	})
}

// join makes one of all parties, and one of all resources, that have the same key.
func (g graph) join(partyKey, resourceKey func(int) string) graph {
	var out graph
	from, parties := grouped(len(g.parties), partyKey)
	g.joinedLast(from, parties)
	for _, members := range parties {
		p := g.parties[members[0]]
		if len(members) > 1 {
			p.name = fmt.Sprintf("%d more", len(members))
		}
		out.parties = append(out.parties, p)
	}
	to, resources := grouped(len(g.resources), resourceKey)
	for _, members := range resources {
		n := g.resources[members[0]]
		if len(members) > 1 {
			var names []string
			count := 0
			for _, i := range members {
				names = append(names, g.resources[i].name)
				count += max(g.resources[i].count, 1)
			}
			n = node{name: fmt.Sprintf("%d resources", count), kind: n.kind, address: enumerate(names, 10), count: count}
		}
		out.resources = append(out.resources, n)
	}
	at := map[[2]int]int{}
	for _, e := range g.edges {
		e.from, e.to = from[e.from], to[e.to]
		key := [2]int{e.from, e.to}
		i, ok := at[key]
		if !ok {
			at[key] = len(out.edges)
			out.edges = append(out.edges, e)
			continue
		}
		o := &out.edges[i]
		o.reach = max(o.reach, e.reach)
		o.conditional, o.undetermined, o.archived = o.conditional && e.conditional, o.undetermined && e.undetermined, o.archived && e.archived
		o.count += e.count
		all := append(slices.Clone(o.findings), e.findings...)
		o.findings = all[:min(len(all), namedFindings)]
	}
	return out
}

// joinedLast moves a group of several parties behind the other parties of its kind.
func (g graph) joinedLast(group []int, members [][]int) {
	slices.SortStableFunc(members, func(a, b []int) int {
		return cmp.Or(cmp.Compare(g.parties[a[0]].kind, g.parties[b[0]].kind), compareBool(len(a) > 1, len(b) > 1))
	})
	for at, m := range members {
		for _, i := range m {
			group[i] = at
		}
	}
}

// grouped returns for each of n things the number of its group, and the members
// of every group, in the order in which groups begin.
func grouped(n int, key func(int) string) (group []int, members [][]int) {
	number := map[string]int{}
	group = make([]int, n)
	for i := range n {
		k := key(i)
		at, ok := number[k]
		if !ok {
			at = len(members)
			number[k] = at
			members = append(members, nil)
		}
		group[i] = at
		members[at] = append(members[at], i)
	}
	return group, members
}

// keep marks the nodes that stay as they are: all, or so many in the order of the
// edges that there is room for what the others are joined to.
func keep(n, most int, edges []edge, end func(edge) int) []bool {
	kept := make([]bool, n)
	if n <= most {
		for i := range kept {
			kept[i] = true
		}
		return kept
	}
	const joined = 4
	count := 0
	for _, e := range edges {
		if i := end(e); !kept[i] && count < most-joined {
			kept[i] = true
			count++
		}
	}
	return kept
}

// untangle orders the resources by the parties that reach them, so that fewer
// edges cross.
func (g *graph) untangle() {
	sum, count := make([]float64, len(g.resources)), make([]float64, len(g.resources))
	for _, e := range g.edges {
		sum[e.to] += float64(e.from)
		count[e.to]++
	}
	order := make([]int, len(g.resources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(sum[a]/max(count[a], 1), sum[b]/max(count[b], 1))
	})
	resources, index := make([]node, len(order)), make([]int, len(order))
	for at, i := range order {
		resources[at], index[i] = g.resources[i], at
	}
	g.resources = resources
	edges := slices.Clone(g.edges)
	for i := range edges {
		edges[i].to = index[edges[i].to]
	}
	g.edges = edges
}
