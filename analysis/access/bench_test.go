package access_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/analysis/zone"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// corpus is the directory of third-party policies, where there is one.
func corpus(tb testing.TB) string {
	dir := os.Getenv("IACLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no corpus at %s (IACLINT_CORPUS says where it is)", dir)
	}
	return dir
}

func decode(tb testing.TB, text []byte) *policy.Document {
	v, _ := jsontree.Parse(source.NewFile("policy.json", text))
	d, _ := policy.Decode(v)
	if d == nil {
		tb.Fatalf("no policy: %.80s", text)
	}
	return d
}

// A bucket policy as many have it: an own role, one partner's role by an external condition, a
// denial of plain HTTP, an organization.
const bucketPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"},
     "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::acme-data/*"},
    {"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
     "Action": "s3:GetObject*", "Resource": "arn:aws:s3:::acme-data/shared/*"},
    {"Sid": "Organization", "Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
     "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}}},
    {"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
     "Resource": ["arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/*"],
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
  ]
}`

// BenchmarkBucketPolicy goes from the text of one typical policy to its findings.
func BenchmarkBucketPolicy(b *testing.B) {
	z := &zone.Zone{Account: "111122223333"}
	b.ReportAllocs()
	for b.Loop() {
		d := decode(b, []byte(bucketPolicy))
		r := resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::acme-data"), Documents: []resource.Document{{Policy: d}}}
		if res := access.Analyze(r, z, false); len(res.Grants) != 2 || len(res.Problems) > 0 {
			b.Fatalf("%+v", res)
		}
	}
}

// BenchmarkDecode is the part of it that reads the text.
func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		decode(b, []byte(bucketPolicy))
	}
}

// BenchmarkFSE2026 is the scalability set of Kang et al., FSE 2026: N keys, M
// statements. There are M² complete findings and M minimal ones.
func BenchmarkFSE2026(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(corpus(b), "bench", "fse2026", "*.json"))
	z := &zone.Zone{Account: "222634363387"}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		for _, complete := range []bool{true, false} {
			name := strings.TrimSuffix(filepath.Base(f), ".json") + map[bool]string{true: "/complete", false: "/minimal"}[complete]
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					d := decode(b, text)
					r := resource.Resource{Type: "AWS::S3::Bucket", ARN: value.Lit("arn:aws:s3:::antsknmath"), Documents: []resource.Document{{Policy: d}}}
					res := access.Analyze(r, z, complete)
					want := len(d.Statements)
					if complete {
						want *= want
					}
					if len(res.Grants) != want || len(res.Problems) > 0 {
						b.Fatalf("%d findings, want %d; %v", len(res.Grants), want, res.Problems)
					}
				}
			})
		}
	}
}

// BenchmarkCorpus analyses the labelled and the wild policies, repeated to a
// thousand.
func BenchmarkCorpus(b *testing.B) {
	dir := corpus(b)
	var docs []*policy.Document
	for _, pattern := range []string{"labelled/*/*.json", "labelled/*/*/*.json", "wild/policy/*/*.json", "wild/policy/*/*/*.json", "wild/policy/*/*/*/*.json", "wild/policy/*/*/*/*/*.json"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil || strings.HasSuffix(f, ".findings.json") {
				continue
			}
			var probe struct{ Statement json.RawMessage }
			if json.Unmarshal(text, &probe) != nil || probe.Statement == nil {
				continue
			}
			docs = append(docs, decode(b, text))
		}
	}
	if len(docs) == 0 {
		b.Skip("no policies")
	}
	z := &zone.Zone{Account: "111122223333"}
	b.ReportAllocs()
	for b.Loop() {
		for i := range 1000 {
			access.Analyze(resource.Resource{Documents: []resource.Document{{Policy: docs[i%len(docs)]}}}, z, false)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/policy")
}
