package access_test

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
)

// A pattern of thousands of wildcards costs a bounded amount of memory wherever it stands: they are not
// multiplied when an ARN is cut into its parts.
func TestManyWildcards(t *testing.T) {
	size, operators := 2_000, []string{"StringLike", "ArnLike", "StringNotLike"}
	if os.Getenv("IACLINT_LONG") == "" {
		size, operators = 600, operators[:1]
	}
	tails := map[string]string{"ones": strings.Repeat("?", size), "both": strings.Repeat("*?", size/2), "colons": strings.Repeat("*:", size/2),
		"slashes": strings.Repeat("?/", size/2), "letters": strings.Repeat("?a", size/2), "stars": strings.Repeat("*a", size/2)}
	keys := map[string]string{"aws:PrincipalArn": "arn:aws:iam::*:role/*a", "aws:SourceArn": "arn:aws:", "aws:userid": "*a", "aws:PrincipalOrgPaths": "o-",
		"s3:DataAccessPointArn": "arn:aws:s3:", "aws:SourceVpc": "*", "aws:PrincipalOrgID": "*", "aws:PrincipalAccount": "*", "aws:SourceAccount": "*"}
	if os.Getenv("IACLINT_LONG") == "" {
		tails = map[string]string{"ones": tails["ones"], "both": tails["both"]}
		keys = map[string]string{"aws:PrincipalArn": keys["aws:PrincipalArn"], "aws:SourceArn": keys["aws:SourceArn"]}
	}
	for key, prefix := range keys {
		for name, tail := range tails {
			for _, operator := range operators {
				text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": []any{statement(where(operator, key, prefix+tail))}})
				if err != nil {
					t.Fatal(err)
				}
				allocated(t, key+" "+operator+" "+name, text)
			}
		}
	}
	for name, tail := range tails {
		for _, who := range []string{"arn:aws:iam::111122223333:role/*a", "arn:aws:sts::111122223333:assumed-role/", "*"} {
			text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": []any{statement(object{"Principal": object{"AWS": who + tail}})}})
			if err != nil {
				t.Fatal(err)
			}
			allocated(t, "Principal "+who+" "+name, text)
		}
		for _, element := range []string{"Resource", "NotResource"} {
			text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": []any{statement(object{"Resource": nil, element: familyBucket + "/*a" + tail})}})
			if err != nil {
				t.Fatal(err)
			}
			allocated(t, element+" "+name, text)
		}
	}
}

func allocated(t *testing.T, name string, text []byte) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := userTime()
	res := family{name: "one"}.analyze(t, text)
	took := userTime() - start
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 300 || len(res.Problems) > 0 {
		t.Errorf("%s: %d MB in %.1f s: %v", name, mb, took, res.Problems)
	}
}

// A key whose values are identifiers has none that an ARN's pattern matches.
func TestIdentifiersAreNoARNs(t *testing.T) {
	for _, key := range []string{"aws:SourceVpc", "aws:SourceVpce", "aws:RequestedRegion", "aws:PrincipalOrgID", "aws:SourceOrgID"} {
		for _, pattern := range []string{"*:*:*:*:*:*", "arn:*:*:*:*:*", "*:a:*:*:*:*"} {
			text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": []any{statement(where("ArnLike", key, pattern))}})
			if err != nil {
				t.Fatal(err)
			}
			res := family{name: "one"}.analyze(t, text)
			if len(res.Problems) > 0 {
				t.Errorf("%s like %s: %v", key, pattern, res.Problems)
			}
			for _, g := range res.Grants {
				if g.Proven {
					t.Errorf("%s like %s: proven for %s %v", key, pattern, g.Principal, g.Conditions)
				}
			}
		}
	}
}
