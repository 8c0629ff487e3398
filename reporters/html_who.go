package reporters

import (
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/spelling"
)

// writeCallersHTML writes what outside principals reach as a page like that of a report.
func writeCallersHTML(w io.Writer, c finding.Callers, _ Options) error {
	p := &page{ids: map[string]bool{}}
	r := finding.Report{Zones: c.Zones, Diagnostics: c.Diagnostics, Assumptions: c.Assumptions}
	p.head("Who reaches what: " + strings.TrimPrefix(callersSentence(c), "who: "))
	p.title("Who outside the zone of trust reaches what", r)
	p.add("<p>%s</p>\n<main>\n", sentence(strings.TrimPrefix(callersSentence(c), "who: ")))
	if len(c.List) > 1 {
		p.add("<ul class=\"notes\">\n")
	}
	anchors := make([]string, len(c.List))
	for i, x := range c.List {
		anchors[i] = p.anchor("w-", string(x.Kind)+x.ID)
		if len(c.List) > 1 {
			p.add("<li><a href=\"#%s\">%s</a>: %s</li>\n", anchors[i], callerTitle(x), spelling.Count(len(x.Findings), "finding"))
		}
	}
	if len(c.List) > 1 {
		p.add("</ul>\n")
	}
	for i, x := range c.List {
		p.add("<section>\n<h2 id=\"%s\">%s</h2>\n", anchors[i], callerTitle(x))
		for _, f := range x.Findings {
			p.finding(f, p.anchor("f-", f.ID), false)
		}
		p.add("</section>\n")
	}
	p.add("</main>\n")
	p.basis(r)
	p.foot(c.Tool)
	_, err := io.WriteString(w, p.String())
	return err
}

// title is the heading with the zones and what could not be read.
func (p *page) title(h1 string, r finding.Report) {
	p.add("<header>\n<h1>%s</h1>\n", h1)
	for _, z := range r.Zones {
		p.add("<p class=\"mute\">%s</p>\n", stopped(zoneSentence(z)))
	}
	p.add("</header>\n")
	p.alarm(r)
}

// writeAnswersHTML writes an answer as a page like that of a report.
func writeAnswersHTML(w io.Writer, a finding.Answers, _ Options) error {
	p := &page{ids: map[string]bool{}}
	r := finding.Report{Zones: a.Zones, Diagnostics: a.Diagnostics, Assumptions: a.Assumptions}
	asked := "What " + asked(a.Question) + " can do"
	p.head(asked)
	p.title(asked, r)
	p.add("<p>%s</p>\n<main>\n", sentence(strings.TrimPrefix(answerSentence(a), "answer: ")))
	for _, x := range a.Resources {
		name := x.Resource.Address
		if x.Resource.ARN != "" {
			name = x.Resource.ARN
		}
		class := map[finding.Truth]string{finding.Yes: "high", finding.NotKnown: "low"}[x.Answer]
		if class == "" {
			class = "plain"
		}
		p.add("<section>\n<h2 id=\"%s\"><span class=\"badge %s\">%s</span> %s</h2>\n<p class=\"mute\">%s <span class=\"mono\">%s</span></p>\n", p.anchor("r-", name), class, x.Answer, name, x.Resource.ResourceType, x.Resource.Path)
		if len(x.Needs)+len(x.Resource.BlockedBy) > 0 {
			p.add("<ul class=\"notes\">\n")
			for _, n := range x.Needs {
				p.add("<li>it depends on %s</li>\n", n)
			}
			if len(x.Resource.BlockedBy) > 0 {
				p.add("<li>access from outside is cut off by %s</li>\n", strings.Join(allPrintable(x.Resource.BlockedBy), ", "))
			}
			p.add("</ul>\n")
		}
		for _, f := range x.Grants {
			f.Help = ""
			p.finding(f, p.anchor("f-", f.ID), len(a.Resources) <= 5)
		}
		p.add("</section>\n")
	}
	p.add("</main>\n")
	p.basis(r)
	p.foot(a.Tool)
	_, err := io.WriteString(w, p.String())
	return err
}

// asked names the principals of a question.
func asked(q finding.Question) string {
	if len(q.Principals) == 0 {
		return "anyone outside the zone of trust"
	}
	return strings.Join(allPrintable(q.Principals), ", ")
}
