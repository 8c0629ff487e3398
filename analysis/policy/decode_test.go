package policy

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

func decode(t *testing.T, text string) (*Document, []source.Diagnostic) {
	t.Helper()
	v, ok := tree(source.NewFile("p.json", []byte(text)))
	if !ok {
		t.Fatalf("test input is not JSON: %s", text)
	}
	return Decode(v)
}

// show writes everything of a document that has a meaning.
func show(d *Document) string {
	if d == nil {
		return "nil"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s", d.Version)
	for _, s := range d.Statements {
		fmt.Fprintf(&b, "; %d %s", s.Index, s.Effect)
		if s.Principal.Present {
			b.WriteString(not(" P", s.Principal.Not))
			for _, p := range s.Principal.List {
				key := p.Kind.Key()
				if p.Kind == Anyone {
					key = "Anyone"
				}
				fmt.Fprintf(&b, " %s=%s", key, p.Text)
			}
		}
		b.WriteString(showPatterns(" A", s.Action) + showPatterns(" R", s.Resource))
		for _, c := range s.Condition {
			fmt.Fprintf(&b, " if %s(%s", c.Operator.Text, c.Key)
			for _, v := range c.Values {
				b.WriteString(" " + v.Text.String())
			}
			b.WriteString(")")
		}
		if s.Refused != "" {
			b.WriteString(" refused")
		}
	}
	return b.String()
}

func not(s string, not bool) string {
	if not {
		return s + "!"
	}
	return s
}

func showPatterns(name string, p Patterns) string {
	if !p.Present {
		return ""
	}
	s := not(name, p.Not)
	for _, x := range p.List {
		s += " " + x.Text.String()
	}
	return s
}

// statement returns a document of one statement that allows s3:* to anyone,
// with further elements.
func withElements(more string) string {
	return `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*"` + more + `}}`
}

func withPrincipal(p string) string {
	return `{"Statement":{"Effect":"Allow","Principal":` + p + `,"Action":"s3:*"}}`
}

func withCondition(c string) string { return withElements(`,"Condition":` + c) }

const anyKeyOf = " P AWS=%[1]s Federated=%[1]s Service=%[1]s CanonicalUser=%[1]s"

// ref is how a reference named after an element's place shows.
func ref(element, at string) string { return "${" + element + " at p.json:" + at + "}" }

func TestDecode(t *testing.T) {
	anyKey := func(r string) string { return fmt.Sprintf(anyKeyOf, r) }
	tests := []struct{ in, want string }{
		{`null`, `nil`},
		{`{"Version":"2012-10-17","Id":"x","Statement":[]}`, `2012-10-17`},
		{withElements(``), `; 0 Allow P Anyone=* A s3:*`},
		{withElements(`,"Resource":["a",{"?":"r"}],"Sid":"x"`), `; 0 Allow P Anyone=* A s3:* R a ${r}`},
		{`{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[]},"NotAction":["a:b","c:d"],"NotResource":"*"}]}`,
			`; 0 Deny P! A! a:b c:d R! *`},

		// Principals.
		{withPrincipal(`{"AWS":["*","111122223333"],"Service":"a.amazonaws.com","Federated":"f","CanonicalUser":["c"]}`),
			`; 0 Allow P Anyone=* AWS=111122223333 Service=a.amazonaws.com Federated=f CanonicalUser=c A s3:*`},
		{withPrincipal(`{"AWS":111122223333}`), `; 0 Allow P AWS=111122223333 A s3:*`},
		{withPrincipal(`{}`), `; 0 Allow P A s3:*`},
		{withPrincipal(`{"AWS":{"?":"v"}}`), `; 0 Allow P AWS=${v} A s3:*`},
		{withPrincipal(`{"?":"v"}`), `; 0 Allow` + anyKey("${v}") + ` A s3:*`},
		{withPrincipal(`"111122223333"`), `; 0 Allow P AWS=111122223333 A s3:*`},
		{withPrincipal(`["*"]`), `; 0 Allow P Anyone=* A s3:* refused`},
		{withPrincipal(`null`), `; 0 Allow` + anyKey(ref("Principal", "1:44")) + ` A s3:* refused`},
		{withPrincipal(`true`), `; 0 Allow` + anyKey(ref("Principal", "1:44")) + ` A s3:* refused`},
		{withPrincipal(`{"aws":"*"}`), `; 0 Allow P Anyone=* A s3:* refused`},
		{withPrincipal(`{"*":"*"}`), `; 0 Allow P Anyone=* A s3:* refused`},
		{withPrincipal(`{"AWS":"AIDAJQABLZS4A3QDU576Q"}`), `; 0 Allow P AWS=AIDAJQABLZS4A3QDU576Q A s3:*`},
		{withPrincipal(`{"AWS":{"a":1}}`), `; 0 Allow P AWS=` + ref("AWS principal", "1:51") + ` A s3:* refused`},

		// A reference is never taken for less than everything that it may be.
		{`{"?":"doc"}`, `2012-10-17; 0 Allow` + anyKey("${doc}") + ` A ${doc} R ${doc} if ( ${doc}); 0 Deny` + anyKey("${doc}") + ` A ${doc} R ${doc} if ( ${doc})`},
		{`{"Statement":[{"?":"s"},{"Effect":{"?":"e"},"Action":"a:b"}]}`, `; 0 Allow` + anyKey("${s}") + ` A ${s} R ${s} if ( ${s}); 0 Deny` + anyKey("${s}") + ` A ${s} R ${s} if ( ${s})` +
			`; 1 Allow A a:b if ( ${e}); 1 Deny A a:b if ( ${e})`},
		{withCondition(`{"?":"c"}`), `; 0 Allow P Anyone=* A s3:* if ( ${c})`},
		{withCondition(`{"Bool":{"?":"c"}}`), `; 0 Allow P Anyone=* A s3:* if ( ${c})`},
		{withCondition(`{"Bool":{"k":{"?":"c"}}}`), `; 0 Allow P Anyone=* A s3:* if Bool(k ${c})`},

		// What cannot be read is not lost either.
		{`7`, `2012-10-17; 0 Allow` + anyKey(ref("policy document", "1:1")) + ` A ` + ref("policy document", "1:1") + ` R ` + ref("policy document", "1:1") + ` if ( ` + ref("policy document", "1:1") + `) refused` +
			`; 0 Deny` + anyKey(ref("policy document", "1:1")) + ` A ` + ref("policy document", "1:1") + ` R ` + ref("policy document", "1:1") + ` if ( ` + ref("policy document", "1:1") + `) refused`},
		{`{"Statement":{"Effect":"Deny","Action":{"a":1}}}`, `; 0 Deny A ` + ref("Action", "1:40") + ` refused`},
		{`{"Statement":{"Effect":"Allow","Action":["a:b",null]}}`, `; 0 Allow A a:b ` + ref("Action", "1:48") + ` refused`},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","NotAction":"c:d"}}`, `; 0 Allow A ` + ref("Action", "1:14") + ` refused`},
		{withCondition(`[1]`), `; 0 Allow P Anyone=* A s3:* if ( ` + ref("Condition", "1:76") + `) refused`},
		{withCondition(`{"Bool":1}`), `; 0 Allow P Anyone=* A s3:* if ( ` + ref("Condition", "1:84") + `) refused`},
		{withCondition(`{"Bool":{"k":[[1]]}}`), `; 0 Allow P Anyone=* A s3:* if Bool(k ` + ref("value of condition key k", "1:90") + `) refused`},

		// Statements that AWS refuses, as they read.
		{`{"Statement":[{"Action":"a:b"},{"Effect":"deny","Action":"a:b"},{"Effect":"Deni","Action":"a:b"},{"Effect":"Grant","Action":"a:b"}]}`,
			`; 0 Allow A a:b refused; 1 Deny A a:b refused; 2 Deny A a:b refused; 3 Allow A a:b refused`},
		{`{"Statment":{"Effect":"Allow","Actions":"a:b"}}`, `; 0 Allow A a:b refused`},
		{`{"Statement":{"Effect":"Allow","Action":"a:b"},"Foo":1}`, `; 0 Allow A a:b refused`},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","sid":"x"},"ID":"x"}`, `; 0 Allow A a:b`},
		{`{"Statement":{"Effect":"Allow"}}`, `; 0 Allow refused`},
		{`{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"a:b","Action":"c:d"}}`, `; 0 Allow A a:b c:d refused`},
		{`{"Statement":{"Effect":"Deny","NotAction":"a:b","NotAction":"c:d"}}`, `; 0 Deny A ` + ref("Action", "1:14") + ` refused`},
		{`{"Statement":{"Effect":"Deny","Action":"a:b"},"Statement":{"Effect":"Allow","Action":"c:d"}}`, `; 0 Deny A a:b refused; 1 Allow A c:d refused`},
		{`{"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"a:b"}}`, `2012-10-17; 0 Allow A a:b`},
		{`{"Version":"2012-10-18","Statement":{"Effect":"Allow","Action":"a:b","Resource":"${aws:username}"}}`, `2012-10-17; 0 Allow A a:b R ${aws:username} refused`},
		{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:b","Resource":"${x"}}`, `2012-10-17; 0 Allow A a:b R ${x refused`},
		{`{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"a:b","Resource":"${x"}}`, `2008-10-17; 0 Allow A a:b R ${x`},
		{withCondition(`{"StringEqual":{"k":[1,true,"x"]}}`), `; 0 Allow P Anyone=* A s3:* if StringEqual(k 1 true x) refused`},
		{withCondition(`{"Bool":{"k":"x"},"Bool":{"l":"y"}}`), `; 0 Allow P Anyone=* A s3:* if ( ` + ref("Condition", "1:84") + `) if Bool(l y) refused`},
		{withCondition(`{"Bool":{"k":"x","K":"y"}}`), `; 0 Allow P Anyone=* A s3:* if ( ` + ref("Condition", "1:89") + `) if Bool(K y) refused`},
	}
	for _, tt := range tests {
		doc, _ := decode(t, tt.in)
		if got := show(doc); got != tt.want {
			t.Errorf("Decode(%s)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestDiagnostics(t *testing.T) {
	tests := []struct{ in, want string }{
		{withElements(``), ``},
		{`"x"`, `warning <"x"> policy document must be an object, found string`},
		{`{}`, `warning <{}> policy document has no "Statement"`},
		{`{"Statement":[5]}`, `warning <5> Statement must be an object or a list of objects, found number`},
		{`{"Statment":[]}`, `warning <"Statment"> policy element "Statment" is unknown; did you mean "Statement"?` + "\n" +
			`warning <"Statment"> policy document has no "Statement", only "Statment"`},
		{`{"Statement":{"Effect":"Allow","Action":3.5,"Frobnicate":1}}`, `warning <"Frobnicate"> policy element "Frobnicate" is unknown; ` +
			`expected one of Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition` + "\n" +
			`warning <3.5> action "3.5" must be "*" or of the form "service:Name"`},
		{`{"Statement":{"Effect":"Allow","Action":{}}}`, `warning <{}> Action must be a string or a list of strings, found object`},
		{withElements(`,"Resource":"a","NotResource":"b"`), `warning <"NotResource"> statement has both "Resource" and "NotResource", expected one of them`},
		{withElements(`,"Effect":"Deny"`), `warning <"Effect"> policy element "Effect" is written twice; AWS refuses duplicate keys`},
		{`{"Statement":{"Action":"a:b"}}`, `warning <{"Action":"a:b"}> statement has no "Effect", expected "Allow" or "Deny"`},
		{`{"Statement":{"Effect":"allow","Action":"a:b"}}`, `warning <"allow"> Effect must be "Allow" or "Deny", found "allow"`},
		{withPrincipal(`"arn:x"`), `warning <"arn:x"> Principal must be "*" or an object with the keys AWS, Federated, Service or CanonicalUser, found "arn:x"` + "\n" +
			`warning <"arn:x"> AWS principal "arn:x" must be an ARN of the form arn:partition:iam::account:name`},
		{withPrincipal(`{"AWS":"arn:aws:iam::11112222333:root"}`), `warning <"arn:aws:iam::11112222333:root"> AWS principal "arn:aws:iam::11112222333:root" must have an account id of 12 digits`},
		{withPrincipal(`{"AWS":"arn:aws:sts::111122223333:assumed-role/R"}`), `warning <"arn:aws:sts::111122223333:assumed-role/R"> AWS principal "arn:aws:sts::111122223333:assumed-role/R" names no session: it must end in assumed-role/ROLE/SESSION, and stands for nobody`},
		{withPrincipal(`{"AWS":"arn:aws:sts::111122223333:assumed-role/R/a b"}`), `warning <"arn:aws:sts::111122223333:assumed-role/R/a b"> AWS principal "arn:aws:sts::111122223333:assumed-role/R/a b" stands for nobody: names have at most 64 letters, digits and characters of _+=,.@-, those of sessions two at least`},
		{withPrincipal(`{"AWS":"arn:aws:sts::111122223333:assumed-role/R/ab"}`), ``},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:user/team/a b"}`), `warning <"arn:aws:iam::111122223333:user/team/a b"> AWS principal "arn:aws:iam::111122223333:user/team/a b" stands for nobody: names have at most 64 letters, digits and characters of _+=,.@-, those of sessions two at least`},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:role/<role-name>"}`), ``},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}`), ``},
		{withPrincipal(`{"AWS":"arn:aws:sts::111122223333:assumed-role/a/R/s"}`), `warning <"arn:aws:sts::111122223333:assumed-role/a/R/s"> AWS principal "arn:aws:sts::111122223333:assumed-role/a/R/s" must end in assumed-role/ROLE/SESSION, without the path of the role, and stands for nobody`},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:user/"}`), `warning <"arn:aws:iam::111122223333:user/"> AWS principal "arn:aws:iam::111122223333:user/" names nobody: a name must follow the last slash`},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:role/path/"}`), `warning <"arn:aws:iam::111122223333:role/path/"> AWS principal "arn:aws:iam::111122223333:role/path/" names nobody: a name must follow the last slash`},
		{withPrincipal(`{"AWS":["arn:aws:sts::111122223333:assumed-role/R/ss","arn:aws:iam::111122223333:role/path/R","arn:aws:iam::111122223333:root"]}`), ``},
		{withPrincipal(`{"AWS":"arn:aws:iam::111122223333:user/*"}`), `warning <"arn:aws:iam::111122223333:user/*"> AWS principal "arn:aws:iam::111122223333:user/*" must not contain a wildcard: AWS refuses it; it is read as the pattern that it looks like`},
		{withPrincipal(`{"Service":"*"}`), `warning <"*"> Service principal "*" must not contain a wildcard: AWS refuses it; it is read as the pattern that it looks like`},
		{withPrincipal(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}`), ``},
		{withPrincipal(`{"Servce":"ec2.amazonaws.com"}`), `warning <"Servce"> principal key "Servce" is unknown; did you mean "Service"?`},
		{withCondition(`{"StringEqualss":{}}`), `warning <"StringEqualss"> condition operator "StringEqualss" is unknown; did you mean "StringEquals"?`},
		{withCondition(`{"ForAnyValues:StringLikeIfExists":{}}`), `warning <"ForAnyValues:StringLikeIfExists"> condition operator "ForAnyValues:StringLikeIfExists" is unknown; did you mean "ForAnyValue:StringLikeIfExists"?`},
		{withCondition(`{"NullIfExists":{}}`), `warning <"NullIfExists"> condition operator "NullIfExists" does not exist; expected "Null"`},
		{withCondition(`{"Foo":{}}`), `warning <"Foo"> condition operator "Foo" is unknown; expected one like StringEquals, ArnLike or IpAddress`},
		{withCondition(`{"Bool":{"k":null}}`), `warning <null> value of condition key k must be a string or a list of strings, found null`},
		{withCondition(`null`), `warning <null> Condition must be an object of condition operators, found null`},
	}
	for _, tt := range tests {
		_, diags := decode(t, tt.in)
		var got []string
		for _, d := range diags {
			got = append(got, fmt.Sprintf("%s <%s> %s", d.Severity, d.Span.Text(), d.Message))
		}
		if s := strings.Join(got, "\n"); s != tt.want {
			t.Errorf("Decode(%s)\n got %s\nwant %s", tt.in, s, tt.want)
		}
	}
}

func TestVariables(t *testing.T) {
	tests := []struct{ text, want string }{
		{`${aws:username}/${aws:PrincipalTag/a, 'b'}/${*}`, ``},
		{`${aws:username`, `policy variable in "${aws:username" has no closing brace`},
		{`a${}`, `policy variable "${}" has no name`},
		{`${aws: username}`, `policy variable "${aws: username}" must not contain a space`},
		{`${aws:username, b}`, `default value of the policy variable "${aws:username, b}" must be in single quotes`},
	}
	for _, tt := range tests {
		_, diags := decode(t, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:b","Resource":"`+tt.text+`"}}`)
		var got string
		for _, d := range diags {
			got += d.Message
		}
		if got != tt.want {
			t.Errorf("variable in %q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestParseOperator(t *testing.T) {
	tests := []struct {
		in   string
		want Operator
	}{
		{"StringEquals", Operator{Compare: StringEquals}},
		{"stringnotequalsignorecase", Operator{Compare: StringEqualsIgnoreCase, Negated: true}},
		{"ForAllValues:StringLikeIfExists", Operator{Quantifier: ForAllValues, Compare: StringLike, IfExists: true}},
		{"foranyvalue:ArnNotLike", Operator{Quantifier: ForAnyValue, Compare: ArnLike, Negated: true}},
		{"NotIPAddressIfExists", Operator{Compare: IpAddress, Negated: true, IfExists: true}},
		{"DateGreaterThanEquals", Operator{Compare: DateGreaterThanEquals}},
		{"NumericNotEquals", Operator{Compare: NumericEquals, Negated: true}},
		{"ForAllValues:Null", Operator{Quantifier: ForAllValues, Compare: NullCheck}},
		{"NullIfExists", Operator{IfExists: true}},
		{"Null", Operator{Compare: NullCheck}},
		{"StringEqualsIfExistsIfExists", Operator{IfExists: true}},
		{"StringNotNotEquals", Operator{}},
	}
	for _, tt := range tests {
		tt.want.Text = tt.in
		if got := ParseOperator(tt.in); got != tt.want {
			t.Errorf("ParseOperator(%q) = %+v, want %+v", tt.in, got, tt.want)
		}
	}
	for _, name := range operatorNames {
		if ParseOperator(name).Compare == UnknownOperator {
			t.Errorf("ParseOperator(%q) does not know it", name)
		}
	}
}

// A document is decoded the same way twice, within the file, and a statement
// that may be refused is never silently so.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		withElements(`,"Condition":{"StringEquals":{"aws:SourceIp":["a",1,null]}}`),
		withPrincipal(`{"AWS":["*","arn:aws:iam::1:root"],"Sevice":{}}`),
		`{"Version":"2012-10-17","Statement":[{"?":"s"},{"Effect":"Alow","NotAction":[[]],"Action":"${"}],"Statement":{}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		v, ok := tree(source.NewFile("p.json", content))
		if !ok {
			t.Skip()
		}
		doc, diags := Decode(v)
		again, diagsAgain := Decode(v)
		if !reflect.DeepEqual(doc, again) || !reflect.DeepEqual(diags, diagsAgain) {
			t.Fatal("two results for one input")
		}
		spans := []source.Span{}
		for _, d := range diags {
			spans = append(spans, d.Span)
		}
		if doc != nil {
			for _, s := range doc.Statements {
				spans = append(spans, s.Span)
				if s.Refused != "" && len(diags) == 0 {
					t.Fatal("statement is refused and no diagnostic says so")
				}
				for _, p := range s.Principal.List {
					spans = append(spans, p.Span)
				}
				for _, p := range append(s.Action.List, s.Resource.List...) {
					spans = append(spans, p.Span)
				}
				for _, c := range s.Condition {
					spans = append(spans, c.Span, c.KeySpan)
				}
			}
		}
		for _, s := range spans {
			if s.File == nil || s.Start < 0 || s.Start > s.End || s.End > len(content) {
				t.Fatalf("span %d-%d is not in the file", s.Start, s.End)
			}
		}
	})
}
