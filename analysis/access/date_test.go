package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
)

// Dates as people write them: those of the documented forms decide, others may
// be read by AWS or not. None is an internal error.
func TestDates(t *testing.T) {
	for date, sure := range map[string]bool{
		"2020-01-01T00:00:00Z": true, "2020-01-01T00:00:00.5Z": true, "2020-01-01T00:00:00+05:00": true, "2020-01-01T00:00Z": true, "2020-01-01": true, "2020-01": true,
		"1500-01-01": true, "9998-12-31": true, "1577836800": true, "99999999999": true, "0": true,
		"2020-01-01T00:00:00": false, "2020-01-01T00:00": false, "2020-01-01T1:00Z": false, "0000-01-01T0:00": false, "0000-01-01": false, "-5": false, "1577836800.5": false,
		" 2020-01-01": false, "2020-1-1": false, "2020-01-01T00:00:00,5Z": false, "2020-01-01T00:00:00.1234567891Z": false, "tomorrow": false, "1e10": false, "2020": false,
	} {
		for _, operator := range []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"} {
			d := parse(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{%q:{"aws:CurrentTime":%q}}}}`, operator, date))
			res := Analyze(resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::b"), Documents: []resource.Document{{Policy: d}}}, &zone.Zone{Account: "111122223333"}, true)
			got := shortly(res)
			if len(res.Problems) > 0 {
				t.Errorf("%s %s: %v", operator, date, res.Problems)
			}
			if !strings.HasPrefix(got, "* public") || sure == strings.HasSuffix(got, "open") {
				t.Errorf("%s %s: %q", operator, date, got)
			}
		}
	}
}
