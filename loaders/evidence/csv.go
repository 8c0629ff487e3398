package evidence

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
)

// columns of a CSV export of Security Hub, by what they hold: its own export has paths
// of OCSF, and tools that export differ in how they call them. Letters, digits and case
// are compared only.
//
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_FindingsOutput.html
var columns = map[string][]string{
	"id": {"id", "findingid", "findingarn", "findinginfouid"}, "resource": {"resourceid", "resourcesid", "resources0id", "resource", "resourcearn", "resourcesuid", "resources0uid"},
	"type": {"resourcetype", "resourcestype", "resources0type"}, "title": {"title", "finding", "findingtitle", "findinginfotitle"},
	"record": {"recordstate"}, "workflow": {"workflowstatus", "workflow", "status"}, "account": {"awsaccountid", "account", "accountid", "cloudaccountuid"},
	"updated": {"updatedat", "lastobservedat", "lastupdated", "findinginfomodifiedtimedt", "findinginfomodifiedtime"}, "product": {"productname", "product", "productarn", "metadataproductname", "metadataproductuid"}, "types": {"types", "findingtype", "findinginfotypes"},
	"principal": {"externalprincipal", "resources0detailsotherexternalprincipal"}, "kind": {"externalprincipaltype", "resources0detailsotherexternalprincipaltype"},
	"condition": {"condition", "resources0detailsothercondition"}, "action": {"actiongranted", "resources0detailsotheractiongranted"},
}

// squeezed is a column's name without what tools change.
func squeezed(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(name))
}

// csv reads an export of Security Hub as CSV: a row a finding.
func (c *console) csv() {
	if !utf8Text(c.file.Content) {
		c.errorf(source.Span{File: c.file}, "expected JSON or CSV in UTF-8")
		return
	}
	t, err := newTable(c.file.Content)
	if err != nil {
		c.errorf(source.Span{File: c.file}, "expected a CSV table with a header: %s", err)
		return
	}
	at := map[string]int{}
	for what, names := range columns {
		at[what] = slices.IndexFunc(t.header, func(h string) bool { return slices.Contains(names, squeezed(h)) })
	}
	if at["resource"] < 0 && at["title"] < 0 {
		c.errorf(source.Span{File: c.file}, "expected an export of Security Hub with a column \"Resource ID\" or \"Title\"")
		return
	}
	c.recognised = true
	for {
		row, offset, err := t.next()
		if errors.Is(err, io.EOF) {
			return
		}
		span := source.Span{File: c.file, Start: offset, End: min(offset+1, len(c.file.Content))}
		if err != nil {
			c.errorf(span, "expected a row of CSV: %s", err)
			return
		}
		get := func(what string) string {
			if i := at[what]; i >= 0 && i < len(row) && len(row[i]) <= longest {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		c.row(get, span)
	}
}

func (c *console) row(get func(string) string, span source.Span) {
	title := get("title")
	product := get("product")
	external := strings.Contains(get("types"), "External Access Granted") || strings.HasSuffix(title, " access") && strings.Contains(title, " allows ")
	if !strings.Contains(product, "Access Analyzer") && !strings.HasSuffix(product, "/access-analyzer") && !external {
		c.leave("of other products")
		return
	}
	l := finding.Live{
		IDs: []string{get("id")}, Resource: get("resource"), ResourceType: apiType(get("type")), Account: get("account"), Updated: get("updated"),
		Whole: true, Status: hubStatus(get("record"), get("workflow")), Location: finding.Place(span),
	}
	// AwsS3Bucket/arn:aws:s3:::name allows public access
	if kind, rest, ok := strings.Cut(title, "/"); ok {
		if arn, _, ok := strings.Cut(rest, " allows "); ok {
			l.Resource = first(l.Resource, arn)
			l.ResourceType = first(l.ResourceType, apiType(kind))
		}
	}
	hubDetails(&l, map[string]string{
		"External Principal": get("principal"), "External Principal Type": get("kind"), "Condition": get("condition"), "Action Granted": get("action"),
	})
	for _, t := range []string{get("types"), title} {
		if public, ok := saysPublic(t); ok {
			l.IsPublic = &public
		}
	}
	if l.Resource == "" {
		c.errorf(span, "expected the ARN of a resource in this row")
		return
	}
	c.Findings = append(c.Findings, l)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// table is a CSV table that is read a row at a time.
type table struct {
	reader *csv.Reader
	header []string
}

func newTable(content []byte) (*table, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\ufeff")))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, err := r.Read()
	if err != nil {
		return nil, bareCSV(err)
	}
	return &table{r, slices.Clone(header)}, nil
}

// next returns the next row and where it begins.
func (t *table) next() (row []string, offset int, err error) {
	offset = int(t.reader.InputOffset())
	row, err = t.reader.Read()
	return row, offset, bareCSV(err)
}

// bareCSV is an error of the CSV reader without what it quotes of the file.
func bareCSV(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return wrong.Err
	}
	return err
}

// utf8Text reports whether a file may be text.
func utf8Text(content []byte) bool {
	head := content[:min(len(content), 4096)]
	return !slices.Contains(head, 0) && !source.IsUTF16(content)
}
