package evidence

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/usage"
)

// showUsage writes evidence in one line an entity.
func showUsage(e *usage.Evidence) string {
	day := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.Format(time.DateOnly)
	}
	var out []string
	for _, x := range e.Sorted() {
		s := fmt.Sprintf("%s asked=%t used=%s", x.ARN[strings.LastIndexByte(x.ARN, ':')+1:], x.Asked, day(x.Used))
		if !x.Created.IsZero() {
			s += " made=" + day(x.Created)
		}
		for _, p := range slices.Sorted(maps.Keys(x.Services)) {
			v := x.Services[p]
			s += fmt.Sprintf(" %s=%s", p, day(v.Used))
			if v.Blurred {
				s += "~"
			}
			for _, a := range slices.Sorted(maps.Keys(v.Actions)) {
				s += fmt.Sprintf(" %s:%s=%s", p, a, day(v.Actions[a]))
			}
			for _, a := range slices.Sorted(maps.Keys(v.Seen)) {
				s += fmt.Sprintf(" +%s:%s=%s", p, a, day(v.Seen[a]))
			}
		}
		for _, k := range x.Keys {
			s += fmt.Sprintf(" [%s %s %s]", k.Name, day(k.Created), day(k.Used))
		}
		if x.Password != nil {
			s += fmt.Sprintf(" [password %s %s]", day(x.Password.Created), day(x.Password.Used))
		}
		if len(x.Policies) > 0 {
			s += fmt.Sprint(" ", x.Policies)
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

const (
	jobOf     = `{"JobStatus":"COMPLETED","JobCompletionDate":"2027-01-06T00:00:10.123Z","ServicesLastAccessed":[{"ServiceNamespace":"s3","LastAuthenticated":"2027-01-05T00:00:00Z","LastAuthenticatedEntity":"arn:aws:iam::111122223333:role/app","TrackedActionsLastAccessed":[{"ActionName":"PutBucketPolicy"},{"ActionName":"GetBucketPolicy","LastAccessedTime":"2027-01-05T00:00:00Z"}]},{"ServiceNamespace":"sqs","TotalAuthenticatedEntities":0}]}`
	jobWant   = "role/app asked=true used=never s3=2027-01-05 s3:getbucketpolicy=2027-01-05 s3:putbucketpolicy=never sqs=never"
	reportOf  = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active\n<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,2026-01-01T00:00:00+00:00,not_supported,false,N/A,N/A,false\nalice,arn:aws:iam::111122223333:user/alice,2020-01-01T00:00:00+00:00,true,no_information,2020-01-02T00:00:00+00:00,true,2020-01-02T00:00:00+00:00,2026-02-01T00:00:00+00:00,false\n"
	reportWas = "user/alice asked=false used=never made=2020-01-01 [access key 1 2020-01-02 2026-02-01] [password 2020-01-02 never]"
)

func TestReadUsage(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"last accessed, actions", "x.json", jobOf, jobWant},
		{"last accessed, services", "x.json", `{"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"s3","LastAuthenticated":"2027-01-05T00:00:00Z","LastAuthenticatedEntity":"arn:aws:iam::111122223333:role/app"}]}`, "role/app asked=true used=never s3=2027-01-05"},
		{"last accessed, nothing used: the file tells", "role/app.json", `{"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"s3"}]}`, "role/app asked=true used=never s3=never"},
		{"with entities", "x.json", `{"JobStatus":"COMPLETED","EntityDetailsList":[{"EntityInfo":{"Arn":"arn:aws:iam::111122223333:role/app","Name":"app","Type":"ROLE","Id":"AROAEXAMPLE"},"LastAuthenticated":"2027-01-05T00:00:00Z"}]}`, "role/app asked=false used=2027-01-05"},
		{"a running job", "x.json", `{"JobStatus":"IN_PROGRESS","ServicesLastAccessed":[]}`, "! expected \"JobStatus\" COMPLETED: the output of an unfinished job says nothing"},
		{"details of a policy", "x.json", `{"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"s3","LastAuthenticatedEntity":"arn:aws:iam::111122223333:role/a"},{"ServiceNamespace":"sqs","LastAuthenticatedEntity":"arn:aws:iam::111122223333:role/b"}]}`, "! it is not said whose services these are: call the file as the role, such as app.json or role/app.json, or add \"Arn\" to it"},
		{"authorization details", "x.json", `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/app","CreateDate":"2025-01-01T00:00:00+00:00","RoleLastUsed":{},"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::111122223333:policy/p"}]}],"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/alice","CreateDate":"2025-01-01T00:00:00Z"}],"Policies":[]}`, "role/app asked=true used=never made=2025-01-01 [arn:aws:iam::111122223333:policy/p]\nuser/alice asked=false used=never made=2025-01-01"},
		{"get-role", "x.json", `{"Role":{"Arn":"arn:aws:iam::111122223333:role/app","CreateDate":"2025-01-01T00:00:00Z","RoleLastUsed":{"LastUsedDate":"2027-01-05T00:00:00Z","Region":"eu-west-1"}}}`, "role/app asked=true used=2027-01-05 made=2025-01-01"},
		{"list-roles says nothing of use", "x.json", `{"Roles":[{"Arn":"arn:aws:iam::111122223333:role/app","CreateDate":"2025-01-01T00:00:00Z"}]}`, "role/app asked=false used=never made=2025-01-01"},
		{"credential report", "x.csv", reportOf, reportWas},
		{"get-credential-report", "x.json", `{"Content":"` + base64.StdEncoding.EncodeToString([]byte(reportOf)) + `","ReportFormat":"text/csv","GeneratedTime":"2027-01-06T00:00:00Z"}`, reportWas},
		{"a finding on a role", "x.json", `{"findings":[{"id":"x","findingType":"UnusedIAMRole","resource":"arn:aws:iam::111122223333:role/app","status":"ACTIVE","analyzedAt":"2027-01-06T00:00:00Z"}]}`, "role/app asked=true used=never"},
		{"findings on permissions, a key and a password", "x.json",
			`{"findingType":"UnusedPermission","resource":"arn:aws:iam::111122223333:role/app","status":"ACTIVE","findingDetails":[{"unusedPermissionDetails":{"serviceNamespace":"s3","lastAccessed":"2027-01-05T00:00:00Z","actions":[{"action":"s3:PutBucketPolicy"}]}},{"unusedPermissionDetails":{"serviceNamespace":"sqs"}}]}
			{"findingType":"UnusedIAMUserAccessKey","resource":"arn:aws:iam::111122223333:user/alice","status":"ACTIVE","findingDetails":[{"unusedIamUserAccessKeyDetails":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","lastAccessed":"2026-02-01T00:00:00Z"}}]}
			{"findingType":"UnusedIAMUserPassword","resource":"arn:aws:iam::111122223333:user/alice","status":"ARCHIVED","findingDetails":[{"unusedIamUserPasswordDetails":{}}]}`,
			"role/app asked=false used=never s3=2027-01-05 s3:putbucketpolicy=never sqs=never\nuser/alice asked=false used=never [access key …MPLE 2026-02-01 2026-02-01] [password 1970-01-01 never]"},
		{"resolved", "x.json", `{"findingType":"UnusedIAMRole","resource":"arn:aws:iam::111122223333:role/app","status":"RESOLVED"}`, ""},
		{"lookup-events", "x.json", `{"Events":[{"EventName":"GetBucketPolicy","CloudTrailEvent":"{\"eventTime\":\"2027-01-05T00:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetBucketPolicy\",\"userIdentity\":{\"type\":\"AssumedRole\",\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"arn:aws:iam::111122223333:role/app\"}}}}"}]}`, "role/app asked=false used=2027-01-05 s3=2027-01-05 +s3:getbucketpolicy=2027-01-05"},
		{"a date that is none", "x.json", `{"Role":{"Arn":"arn:aws:iam::111122223333:role/app","RoleLastUsed":{"LastUsedDate":"yesterday"}}}`, "role/app asked=false used=never\n! expected a date such as 2027-01-31T00:00:00Z"},
		{"something else", "x.json", `{"Version":"2012-10-17"}`, "not recognised"},
	}
	for _, tt := range tests {
		e := usage.New()
		recognised, diags := ReadUsage(source.NewFile(tt.file, []byte(tt.text)), e)
		got := showUsage(e)
		for _, d := range diags {
			got = strings.TrimPrefix(got+"\n! "+d.Message, "\n")
		}
		if !recognised {
			got = "not recognised"
		}
		if got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

const eventOf = `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/app/alice@example.com","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/app"}}},"eventTime":"2027-01-05T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"%s","requestParameters":{"bucketName":"b"}}`

func zipped(text string) io.Reader {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return &b
}

func TestReadTrail(t *testing.T) {
	one := fmt.Sprintf(eventOf, "GetBucketPolicy")
	tests := []struct {
		name string
		r    io.Reader
		want string
	}{
		{"plain", strings.NewReader(`{"Records": [` + one + "]}"), "role/app asked=false used=2027-01-05 s3=2027-01-05 +s3:getbucketpolicy=2027-01-05"},
		{"compressed", zipped(`{"Records":[` + one + "," + one + "]}"), "role/app asked=false used=2027-01-05 s3=2027-01-05 +s3:getbucketpolicy=2027-01-05"},
		{"an operation of another name", strings.NewReader(`{"Records":[` + fmt.Sprintf(eventOf, "ListObjectsV2") + "]}"), "role/app asked=false used=2027-01-05 s3=2027-01-05~ +s3:listobjectsv2=2027-01-05"},
		{"by a service", strings.NewReader(`{"Records":[{"userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"},"eventTime":"2027-01-05T00:00:00Z"}]}`), ""},
		{"none", strings.NewReader(`{"Records":[]}`), ""},
		{"cut off", strings.NewReader(`{"Records":[` + one), "role/app asked=false used=2027-01-05 s3=2027-01-05 +s3:getbucketpolicy=2027-01-05\n! event 2: expected an event of CloudTrail, or the file is cut off"},
		{"not a log", zipped(`[1]`), "! expected a log file of CloudTrail: {\"Records\": [...]}"},
		{"no gzip", strings.NewReader("\x1f\x8bxx"), "! expected a compressed log file of CloudTrail"},
		{"wrong kinds", strings.NewReader(`{"Records":[{"eventTime":7}]}`), "! event 1: expected an event of CloudTrail, or the file is cut off"},
		{"deep", strings.NewReader(`{"Records":[` + strings.Repeat("[", 20_000)), "! event 1: expected an event of CloudTrail, or the file is cut off"},
		{"an event of 8 MB", strings.NewReader(`{"Records":[{"a":"` + strings.Repeat("x", 8<<20) + `"}]}`), "! event 1: larger than 4 MiB"},
	}
	for _, tt := range tests {
		e := usage.New()
		err := ReadTrail(tt.r, e)
		got := showUsage(e)
		if err != nil {
			got = strings.TrimPrefix(got+"\n! "+err.Error(), "\n")
		}
		if got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// repeated yields a text many times: a log that no memory holds.
type repeated struct {
	text string
	at   int
	left int
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at, r.left = 0, r.left-1
	}
	return n, nil
}

// A log of 64 MB takes no more memory than a small one.
func TestTrailInLittleMemory(t *testing.T) {
	one := fmt.Sprintf(eventOf, "GetBucketPolicy") + ","
	log := io.MultiReader(strings.NewReader(`{"Records":[`), &repeated{text: one, left: (64 << 20) / len(one)}, strings.NewReader(strings.TrimSuffix(one, ",")+"]}"))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	e := usage.New()
	if err := ReadTrail(log, e); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := int64(after.Sys) - int64(before.Sys); got > 100<<20 {
		t.Errorf("%d MB more of memory", got>>20)
	}
	if len(e.Entities) != 1 {
		t.Errorf("got %s", showUsage(e))
	}
}

func FuzzUsage(f *testing.F) {
	f.Add(jobOf)
	f.Add(reportOf)
	f.Add(`{"Records":[` + fmt.Sprintf(eventOf, "x") + "]}")
	f.Fuzz(func(t *testing.T, s string) {
		ReadUsage(source.NewFile("x.json", []byte(s)), usage.New())
		_ = ReadTrail(strings.NewReader(s), usage.New())
	})
}
