package tfplan

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/iaclint/iaclint/analysis/source"
)

// change writes an element of resource_changes.
func change(address, actions, rest string) string {
	module, name := "", address
	if i := strings.LastIndex(address, "module."); i >= 0 {
		end := i + len("module.") + strings.IndexByte(address[i+len("module."):], '.')
		module, name = address[:end], address[end+1:]
	}
	mode := "managed"
	if rest, ok := strings.CutPrefix(name, "data."); ok {
		mode, name = "data", rest
	}
	index := ""
	if i := strings.IndexByte(name, '['); i >= 0 {
		index = `,"index":` + name[i+1:len(name)-1]
		name = name[:i]
	}
	typ, name, _ := strings.Cut(name, ".")
	if module != "" {
		index += `,"module_address":` + quoted(module)
	}
	return fmt.Sprintf(`{"address":%s,"mode":%q,"type":%q,"name":%q%s,"change":{"actions":[%s],%s}}`, quoted(address), mode, typ, name, index, actions, rest)
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// declared writes a resource of the configuration.
func declared(address, expressions string, rest ...string) string {
	mode, name := "managed", address
	if rest, ok := strings.CutPrefix(name, "data."); ok {
		mode, name = "data", rest
	}
	typ, name, _ := strings.Cut(name, ".")
	return fmt.Sprintf(`{"address":%q,"mode":%q,"type":%q,"name":%q,"provider_config_key":"aws","expressions":{%s}%s}`, address, mode, typ, name, expressions, strings.Join(rest, ""))
}

func array(items ...string) string { return "[" + strings.Join(items, ",") + "]" }

// written writes a plan from its changes, its configuration and more keys.
func written(changes, configuration string, more ...string) string {
	text := `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":` + changes
	if configuration != "" {
		text += `,"configuration":` + configuration
	}
	return text + strings.Join(more, "") + "}"
}

func root(resources ...string) string {
	return `{"provider_config":{"aws":{"name":"aws"}},"root_module":{"resources":` + array(resources...) + `}}`
}

// loaded reads a plan up to its blocks.
func loaded(text string) *loader {
	l := newLoader(open(source.NewFile("plan.json", []byte(text))), Options{})
	l.checkVersion()
	l.read()
	l.resolveAll()
	return l
}

// blocks writes what will be there, one property a line.
func blocks(l *loader) string {
	var b strings.Builder
	for _, o := range l.objects {
		if o.mode != tfjson.ManagedResourceMode || !stays(o.actions) {
			continue
		}
		for _, f := range o.block.Properties.Fields {
			b.WriteString(o.block.Address + "." + f.Key + " = ")
			dump(&b, f.Value)
			b.WriteString("\n")
		}
		for attribute, address := range o.block.Refers {
			fmt.Fprintf(&b, "%s.%s -> %s\n", o.block.Address, attribute, address)
		}
		if len(o.block.Documents) > 0 {
			fmt.Fprintf(&b, "%s <- %s\n", o.block.Address, strings.Join(o.block.Documents, ", "))
		}
		for _, n := range o.block.Notes {
			fmt.Fprintf(&b, "%s: %s\n", o.block.Address, n)
		}
	}
	return b.String()
}

const (
	bucket    = `"before":null,"after":{"bucket":"logs"},"after_unknown":{"id":true,"arn":true,"policy":true,"acl":true}`
	newPolicy = `"before":null,"after":{},"after_unknown":{"bucket":true,"id":true,"policy":true}`
	toBucket  = `"bucket":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]}`
	viaDoc    = `"policy":{"references":["data.aws_iam_policy_document.d.json","data.aws_iam_policy_document.d"]}`
)

func TestBlocks(t *testing.T) {
	bucketCode := declared("aws_s3_bucket.b", `"bucket":{"constant_value":"logs"}`)
	tests := []struct{ name, plan, want string }{
		{"what nobody configures is not there; a reference is what it refers to",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_policy.p", `"create"`, newPolicy)),
				root(bucketCode, declared("aws_s3_bucket_policy.p", toBucket+`,"policy":{"references":["local.p"]}`))),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket_policy.p.bucket = logs
aws_s3_bucket_policy.p.policy = ?${aws_s3_bucket_policy.p.policy (known after apply)}
aws_s3_bucket_policy.p.bucket -> aws_s3_bucket.b
`},
		{"without configuration nothing tells what is configured",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket)), ""),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket.b.policy = ?${aws_s3_bucket.b.policy (known after apply)}
aws_s3_bucket.b.acl = ?${aws_s3_bucket.b.acl (known after apply)}
`},
		{"a document that is read later, as far as it is known",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_policy.p", `"create"`, newPolicy),
				change("data.aws_iam_policy_document.d", `"read"`, `"after":{"statement":[{"sid":"S","effect":null,"actions":["s3:GetObject"],"resources":[null],"principals":[{"type":"*","identifiers":["*"]}],
					"condition":[{"test":"StringEquals","variable":"aws:SourceVpc","values":["vpc-1"]},{"test":"StringEquals","variable":"aws:SourceArn","values":["a"]}]}]},
					"after_unknown":{"id":true,"json":true,"statement":[{"resources":[true]}]}`)),
				root(bucketCode, declared("aws_s3_bucket_policy.p", toBucket+","+viaDoc), declared("data.aws_iam_policy_document.d", `"statement":[{"resources":{"references":["aws_s3_bucket.b.arn","aws_s3_bucket.b"]}}]`))),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket_policy.p.bucket = logs
aws_s3_bucket_policy.p.policy = {Version: 2012-10-17, Statement: [{Sid: S, Effect: Allow, Principal: *, Action: [s3:GetObject], Resource: [arn:${own partition}:s3:::logs${data.aws_iam_policy_document.d.statement[0].resources[0] (known after apply)}], Condition: {StringEquals: {aws:SourceVpc: [vpc-1], aws:SourceArn: [a]}}}]}
aws_s3_bucket_policy.p.bucket -> aws_s3_bucket.b
aws_s3_bucket_policy.p <- data.aws_iam_policy_document.d
`},
		{"a whole list that is not known may have more in it than it refers to",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_policy.p", `"create"`, newPolicy),
				change("data.aws_iam_policy_document.d", `"read"`, `"after":{"statement":[{"actions":["s3:*"],"principals":[{"type":"AWS"}]}]},"after_unknown":{"json":true,"statement":[{"principals":[{"identifiers":true}]}]}`)),
				root(bucketCode, declared("aws_s3_bucket_policy.p", toBucket+","+viaDoc), declared("data.aws_iam_policy_document.d", `"statement":[{"principals":[{"identifiers":{"references":["aws_iam_role.r.arn","aws_iam_role.r"]}}]}]`))),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket_policy.p.bucket = logs
aws_s3_bucket_policy.p.policy = {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {AWS: ?${data.aws_iam_policy_document.d.statement[0].principals[0].identifiers (known after apply)}}, Action: [s3:*]}]}
aws_s3_bucket_policy.p.bucket -> aws_s3_bucket.b
aws_s3_bucket_policy.p <- data.aws_iam_policy_document.d
`},
		{"through a module's variable and output, by the key of for_each",
			written(array(change(`module.m["a"].aws_s3_bucket.b`, `"create"`, `"after":{"bucket":"one"},"after_unknown":{"id":true}`),
				change(`module.m["b"].aws_s3_bucket.b`, `"create"`, `"after":{"bucket":"two"},"after_unknown":{"id":true}`),
				change(`module.n["b"].aws_s3_bucket_policy.p`, `"create"`, `"after":{"policy":"{}"},"after_unknown":{"bucket":true}`)),
				`{"root_module":{"module_calls":{
					"m":{"module":{"outputs":{"name":{"expression":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]}}},"resources":`+array(declared("aws_s3_bucket.b", `"bucket":{"references":["var.n"]}`))+`}},
					"n":{"for_each_expression":{},"expressions":{"bucket":{"references":["module.m","each.key"]},"target":{"references":["module.m[\"b\"].name","module.m[\"b\"]","module.m"]}},
						"module":{"resources":`+array(declared("aws_s3_bucket_policy.p", `"bucket":{"references":["var.target"]}`))+`}}}}}`),
			`module.m["a"].aws_s3_bucket.b.bucket = one
module.m["b"].aws_s3_bucket.b.bucket = two
module.n["b"].aws_s3_bucket_policy.p.policy = {}
module.n["b"].aws_s3_bucket_policy.p.bucket = two
module.n["b"].aws_s3_bucket_policy.p.bucket -> module.m["b"].aws_s3_bucket.b
`},
		{"for_each over the instances of another resource",
			written(array(change(`aws_s3_bucket.b["x"]`, `"create"`, `"after":{},"after_unknown":{"id":true,"bucket":true}`),
				change(`aws_s3_bucket.b["y"]`, `"create"`, `"after":{},"after_unknown":{"id":true,"bucket":true}`),
				change(`aws_s3_bucket_policy.p["y"]`, `"create"`, `"after":{"policy":"{}"},"after_unknown":{"bucket":true}`)),
				root(declared("aws_s3_bucket.b", ``), declared("aws_s3_bucket_policy.p", `"bucket":{"references":["each.value.id","each.value"]}`, `,"for_each_expression":{"references":["aws_s3_bucket.b"]}`))),
			`aws_s3_bucket_policy.p["y"].policy = {}
aws_s3_bucket_policy.p["y"].bucket = ${aws_s3_bucket.b["y"].bucket}
aws_s3_bucket_policy.p["y"].bucket -> aws_s3_bucket.b["y"]
`},
		{"a name that is made from another one is not that one",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket.c", `"create"`, `"after":{},"after_unknown":{"bucket":true}`)),
				root(bucketCode, declared("aws_s3_bucket.c", `"bucket":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]}`))),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket.c.bucket = ?${aws_s3_bucket.c.bucket (known after apply)}
`},
		{"an id is not a principal, and a choice between two is neither",
			written(array(change("aws_lambda_permission.p", `"create"`, `"after":{"function_name":"f"},"after_unknown":{"principal":true,"source_arn":true}`)),
				root(declared("aws_organizations_account.a", ``), declared("aws_sns_topic.t", ``), declared("aws_sns_topic.u", ``),
					declared("aws_lambda_permission.p", `"principal":{"references":["aws_organizations_account.a.id","aws_organizations_account.a"]},"source_arn":{"references":["aws_sns_topic.t.arn","aws_sns_topic.u.arn"]}`))),
			`aws_lambda_permission.p.function_name = f
aws_lambda_permission.p.principal = ?${aws_lambda_permission.p.principal (known after apply)}
aws_lambda_permission.p.source_arn = ?${aws_lambda_permission.p.source_arn (known after apply)}
`},
		{"a local chooses between the ids of a bucket and of what is on it, one of which is not there",
			written(array(change("aws_s3_bucket.b", `"create"`, bucket), change("aws_s3_bucket_public_access_block.x", `"create"`, `"after":{"block_public_acls":true},"after_unknown":{"bucket":true}`)),
				root(bucketCode, declared("aws_s3_bucket_policy.p", toBucket), declared("aws_s3_bucket_public_access_block.x", `"bucket":{"references":["local.attach","aws_s3_bucket_policy.p[0].id","aws_s3_bucket_policy.p","aws_s3_bucket.b.id","aws_s3_bucket.b"]}`))),
			`aws_s3_bucket.b.bucket = logs
aws_s3_bucket_public_access_block.x.block_public_acls = true
aws_s3_bucket_public_access_block.x.bucket = logs
aws_s3_bucket_public_access_block.x.bucket -> aws_s3_bucket.b
`},
		{"what is deleted is not there; what is replaced is there once; what is forgotten stays",
			written(array(change("aws_sns_topic.a", `"delete"`, `"before":{"name":"a"},"after":null,"after_unknown":{}`),
				change("aws_sns_topic.b", `"delete","create"`, `"before":{"name":"b"},"after":{"name":"b2"},"after_unknown":{}`),
				change("aws_sns_topic.c", `"create","delete"`, `"before":{"name":"c"},"after":{"name":"c2"},"after_unknown":{}`),
				change("aws_sns_topic.d", `"forget"`, `"before":{"name":"d"},"after":null,"after_unknown":{}`),
				change("aws_sns_topic.e", `"no-op"`, `"before":{"name":"e"},"after":{"name":"e"},"after_unknown":{}`)), root()),
			`aws_sns_topic.b.name = b2
aws_sns_topic.c.name = c2
aws_sns_topic.d.name = d
aws_sns_topic.d: aws_sns_topic.d is only removed from Terraform's state: it stays in AWS
aws_sns_topic.e.name = e
`},
		{"the old text of a policy that is deleted does not count",
			written(array(change("aws_sqs_queue.q", `"no-op"`, `"before":{"url":"https://q","policy":"{\"old\":1}"},"after":{"url":"https://q","policy":"{\"old\":1}"},"after_unknown":{}`),
				change("aws_sqs_queue_policy.p", `"delete"`, `"before":{"queue_url":"https://q","policy":"{\"old\":1}"},"after":null,"after_unknown":{}`),
				change("aws_sqs_queue.r", `"no-op"`, `"before":{"url":"https://r","policy":"{\"kept\":1}"},"after":{"url":"https://r","policy":"{\"kept\":1}"},"after_unknown":{}`)),
				root(declared("aws_sqs_queue.q", ``), declared("aws_sqs_queue.r", ``))),
			`aws_sqs_queue.q.url = https://q
aws_sqs_queue.r.url = https://r
aws_sqs_queue.r.policy = {"kept":1}
`},
		{"sensitive: a policy is read from a place that shows nothing, anything else is not known",
			written(array(change("aws_sns_topic.t", `"create"`, `"after":{"name":"hush","policy":"{\"Statement\":[]}"},"after_unknown":{},"after_sensitive":{"name":true,"policy":true}`)), root()),
			`aws_sns_topic.t.name = ?${aws_sns_topic.t.name (sensitive)}
aws_sns_topic.t.policy = {"Statement":[]}
`},
		{"planned values alone: what is configured and missing is not known",
			`{"format_version":"0.1","planned_values":{"root_module":{"child_modules":[{"address":"module.m","resources":[{"address":"module.m.aws_sns_topic.t[0]","mode":"managed","type":"aws_sns_topic","name":"t","index":0,"values":{"name":"t"}}]}]}},
				"configuration":{"root_module":{"module_calls":{"m":{"module":{"resources":[` + declared("aws_sns_topic.t", `"name":{"constant_value":"t"},"policy":{"references":["local.p"]}`) + `]}}}}}}`,
			`module.m.aws_sns_topic.t[0].name = t
module.m.aws_sns_topic.t[0].policy = ?${module.m.aws_sns_topic.t[0].policy (known after apply)}
`},
		{"an errored plan: what it does not have is not known",
			written(`[]`, root(declared("aws_sns_topic.t", `"name":{"constant_value":"t"},"policy":{"references":["var.p"]}`)), `,"errored":true`),
			`aws_sns_topic.t.name = t
aws_sns_topic.t.policy = ?${aws_sns_topic.t.policy (known after apply)}
aws_sns_topic.t: Terraform has put off planning aws_sns_topic.t: the plan has errored
`},
		{"a partial plan: what it does not touch is as it is",
			written(`[]`, root(declared("aws_sns_topic.t", ``), declared("aws_sns_topic.u", ``)), `,"complete":false,"planned_values":{"root_module":{"resources":[{"address":"aws_sns_topic.t","mode":"managed","type":"aws_sns_topic","name":"t","values":{"name":"t"}}]}}`),
			"aws_sns_topic.t.name = t\n"},
		{"deferred changes",
			written(`[]`, root(declared("aws_sns_topic.t", `"name":{}`)), `,"complete":false,"deferred_changes":[{"reason":"instance_count_unknown","resource_change":`+change("aws_sns_topic.t", `"create"`, `"after":{},"after_unknown":{"name":true}`)+`}]`),
			`aws_sns_topic.t.name = ?${aws_sns_topic.t.name (known after apply)}
aws_sns_topic.t: Terraform has put off planning aws_sns_topic.t: instance_count_unknown
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := blocks(loaded(tt.plan)); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func TestProviders(t *testing.T) {
	resource := func(key, name string) string {
		return strings.Replace(declared("aws_sns_topic."+name, ``), `"provider_config_key":"aws"`, `"provider_config_key":`+quoted(key), 1)
	}
	topic := func(name, values string) string {
		return change("aws_sns_topic."+name, `"no-op"`, `"before":{},"after":{`+values+`},"after_unknown":{}`)
	}
	l := loaded(written(array(topic("a", ""), topic("b", ""), topic("c", ""), topic("d", `"region":"eu-west-3"`), topic("e", `"arn":"arn:aws:sns:eu-north-1:111122223333:e"`), topic("f", "")),
		`{"provider_config":{
			"aws":{"name":"aws","expressions":{"region":{"references":["var.region"]},"profile":{"constant_value":"x"}}},
			"aws.same":{"name":"aws","alias":"same","expressions":{"region":{"constant_value":"us-west-2"},"profile":{"constant_value":"x"}}},
			"aws.other":{"name":"aws","alias":"other","expressions":{"assume_role":[{"role_arn":{"constant_value":"arn:aws:iam::444455556666:role/r"}}]}},
			"aws.computed":{"name":"aws","alias":"computed","expressions":{"profile":{"references":["var.p"]}}},
			"module.m:aws":{"name":"aws","module_address":"module.m"},
			"google":{"name":"google","expressions":{"credentials":{"constant_value":"x"}}}},
		"root_module":{"resources":`+array(resource("aws", "a"), resource("aws.same", "b"), resource("aws.other", "c"), resource("aws.computed", "d"), resource("aws", "e"), resource("aws.computed", "f"))+`}}`,
		`,"variables":{"region":{"value":"eu-central-1"}}`))
	want := `a "" 111122223333 eu-central-1
b "" 111122223333 us-west-2
c "aws.other" 444455556666 ` + `
d "aws.computed"  eu-west-3
e "" 111122223333 eu-central-1
f "aws.computed"  ` + `
`
	var got strings.Builder
	for _, o := range l.objects {
		fmt.Fprintf(&got, "%s %q %s %s\n", strings.TrimPrefix(o.address, "aws_sns_topic."), o.block.Scope, o.block.Account, o.block.Region)
	}
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}

func utf16le(s string) string {
	var b bytes.Buffer
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

func zipped(names ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := w.Create(n); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func TestDiagnostics(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"binary", zipped("tfplan", "tfstate"), "error 0:0: this is a plan in Terraform's binary form: write it with terraform show -json and give that, or give the directory of the configuration"},
		{"UTF-16", utf16le(written(`[]`, root())), "error 0:0: the plan is in UTF-16, expected UTF-8: in PowerShell, write it with terraform show -json plan.out | Out-File -Encoding utf8 plan.json"},
		{"state file", `{"version":4,"terraform_version":"1.5.0","serial":3,"lineage":"x","resources":[]}`, "error 0:0: this is a state, which says what is there and not what is planned: give a plan (terraform plan -out plan.out, terraform show -json plan.out), or the directory of the configuration"},
		{"state, shown", `{"format_version":"1.0","terraform_version":"1.5.0","values":{"root_module":{}}}`, ""},
		{"state of a new format", `{"format_version":"2.0","values":{"root_module":{}}}`, `error 1:19: the state has format_version "2.0", expected one below 2.0: it is read as far as it is known`},
		{"state that breaks off", `{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"aws_sns`, "error 1:73: the state breaks off; only what precedes it is read: write the state again with terraform show -json"},
		{"byte order mark", "\xef\xbb\xbf" + written(`[]`, root()), ""},
		{"no version", `{"resource_changes":[]}`, `error 1:1: the plan has no format_version, expected "0.1" to "1.2": it is read as if it were complete`},
		{"version of another type", `{"format_version":1,"resource_changes":[]}`, `error 1:19: format_version must be a string such as "1.2"`},
		{"too new", `{"format_version":"2.0","resource_changes":[]}`, `error 1:19: the plan has format_version "2.0", expected one below 2.0: it is read as far as it is known`},
		{"errored", written(`[]`, root(), `,"errored":true`), "error 1:176: the plan has errored: what Terraform did not get to is undetermined; mend the error and plan again"},
		{"partial", written(`[]`, root(), `,"complete":false`), "warning 1:177: the plan is partial, as with -target: of what it does not touch, only what exists already is analysed, as it is"},
		{"drift", written(`[]`, root(), `,"resource_drift":[{"mode":"managed","type":"aws_sns_topic"}]`), "warning 1:183: 1 resources that decide who has access were changed outside of Terraform: what is analysed is what the plan makes of them"},
		{"breaks off", `{"format_version":"1.2","resource_changes":[{"address":"aws_sns`, "error 1:55: the plan breaks off; only what precedes it is read: write the plan again with terraform show -json"},
		{"not JSON", `{"format_version":"1.2","resource_changes":[tru]}`, "error 1:48: invalid JSON in the plan: invalid character ']' in literal true (expecting 'e'); only what precedes it is read: write the plan again with terraform show -json\nerror 1:45: a resource change must be an object"},
		{"more after the plan", written(`[]`, root()) + "{}", "error 1:166: expected the end of the file after the plan"},
		{"not UTF-8", `{"format_version":"1.2","resource_changes":["` + "\xff", "error 1:46: expected UTF-8, found the byte 0xff\nerror 1:45: the plan breaks off; only what precedes it is read: write the plan again with terraform show -json"},
		{"key twice", `{"format_version":"1.2","format_version":"1.1","resource_changes":[]}`, `error 1:25: the key "format_version" is written twice, expected it once; the last counts`},
		{"wrong types", `{"format_version":"1.2","resource_changes":{"a":1},"planned_values":7,"configuration":[],"variables":"x"}`, "error 1:44: resource_changes must be a list"},
		{"a change of another type", `{"format_version":"1.2","resource_changes":[1]}`, "error 1:45: a resource change must be an object"},
		{"unknown action", written(array(change("aws_sns_topic.t", `"explode"`, `"after":{}`)), ""), `error 1:175: aws_sns_topic.t: unknown action "\"explode\"", expected no-op, create, read, update, delete or forget`},
		{"no after", written(array(change("aws_sns_topic.t", `"create"`, `"after":null`)), ""), `error 1:74: aws_sns_topic.t: change.after must be an object, as the resource is not deleted`},
		{"no actions", written(array(change("aws_sns_topic.t", ``, `"after":{}`)), ""), `error 1:74: aws_sns_topic.t: change.actions must be a list of what is done, such as ["create"]`},
		{"nested too deep", `{"format_version":"1.2","resource_changes":` + strings.Repeat("[", 400), "error 1:343: invalid JSON in the plan: expected values nested at most 300 levels deep; only what precedes it is read: write the plan again with terraform show -json"},
		{"policy that is not JSON", written(array(change("aws_sns_topic.t", `"create"`, `"after":{"policy":"{\"hush"},"after_unknown":{},"after_sensitive":{"policy":true}`)), ""), "warning 1:1: a sensitive value is not as AWS expects it; its text is not shown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := source.NewFile("plan.json", []byte(tt.content))
			if !Match(f) {
				t.Error("not recognised")
			}
			var got []string
			for _, d := range Load(f, Options{}).Diagnostics {
				_, pos := d.Where()
				got = append(got, fmt.Sprintf("%s %d:%d: %s", d.Severity, pos.Line, pos.Column, d.Message))
			}
			if strings.Join(got, "\n") != tt.want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), tt.want)
			}
		})
	}
}

func TestNoMatch(t *testing.T) {
	for _, content := range []string{``, `{`, `[]`, `{"Version":"2012-10-17","Statement":[]}`, `{"Resources":{"A":{"Type":"AWS::SNS::Topic"}}}`, zipped("a.tf"), utf16le(`{"Statement":[]}`),
		`{"Statement":[{"Sid":"\"planned_values\""}]}`, "resource \"x\" \"y\" {}"} {
		if Match(source.NewFile("x", []byte(content))) {
			t.Errorf("Match(%.60q) = true", content)
		}
	}
}
