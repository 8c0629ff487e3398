package policy

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/value"
)

// bracketed is what people write where something else is to stand: <ACCOUNT_ID> and
// {{ account }}. No identifier has these characters.
var bracketed = once.Regexp(`<[A-Za-z][\w .:-]{0,63}>|\{\{ *[A-Za-z][\w .:-]{0,63}\}\}`)

// withPlaceholders returns a text with a reference for each placeholder in brackets: a
// value that is not known yet, and not one that nothing can have.
func withPlaceholders(t value.Text) value.Text {
	if t.Parts == nil {
		return opened(t.Literal)
	}
	var out []value.Text
	for _, p := range t.Parts {
		if p.Ref != nil {
			out = append(out, value.Ref(*p.Ref))
		} else {
			out = append(out, opened(p.Literal))
		}
	}
	return value.Join(out...)
}

func opened(literal string) value.Text {
	at := bracketed().FindAllStringIndex(literal, -1)
	if at == nil {
		return value.Lit(literal)
	}
	var out []value.Text
	from := 0
	for _, m := range at {
		out = append(out, value.Lit(literal[from:m[0]]), value.Ref(value.Reference{Name: literal[m[0]:m[1]]}))
		from = m[1]
	}
	return value.Join(append(out, value.Lit(literal[from:]))...)
}

// identifying are the ends of the names of condition keys whose values are ids with
// digits in them, and what such an id begins with.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var identifying = []struct{ key, prefix string }{
	{"account", ""}, {"sourceowner", ""}, {"requestedregion", ""}, {"orgid", "o-"}, {"orgpaths", "o-"}, {"sourcevpc", "vpc-"}, {"sourcevpce", "vpce-"},
}

// conditionValue returns a value of a condition key with references for its
// placeholders: those in brackets, and words such as ACCOUNT_ID where only an id can
// stand.
func conditionValue(key string, t value.Text) value.Text {
	text, known := t.Known()
	if !known || strings.Contains(text, "${") {
		return withPlaceholders(t)
	}
	key = strings.ToLower(key)
	for _, i := range identifying {
		if !strings.HasSuffix(key, i.key) || strings.Contains(key, "/") { // of a tag
			continue
		}
		id, rest, _ := strings.Cut(text, "/")
		if isPlaceholder(id) && !(i.prefix != "" && strings.HasPrefix(strings.ToLower(id), i.prefix)) {
			return value.Join(value.Ref(value.Reference{Name: id}), value.Lit(text[len(id):len(text)-len(rest)]), value.Lit(rest))
		}
	}
	name, ok := arn.Parse(text)
	if !ok || !isPlaceholder(name.Region) && !isPlaceholder(name.Account) {
		return withPlaceholders(t)
	}
	id := func(s string) value.Text {
		if isPlaceholder(s) {
			return value.Ref(value.Reference{Name: s})
		}
		return withPlaceholders(value.Lit(s))
	}
	return arn.Text{
		Partition: withPlaceholders(value.Lit(name.Partition)), Service: withPlaceholders(value.Lit(name.Service)),
		Region: id(name.Region), Account: id(name.Account), Resource: withPlaceholders(value.Lit(name.Resource)),
	}.Join()
}

// AWSText returns the text of an AWS principal with references for its placeholders.
func AWSText(t value.Text) value.Text {
	if text, known := t.Known(); known {
		t = awsPlaceholder(text)
	}
	return withPlaceholders(t)
}

// awsPlaceholder returns an AWS principal with references for its placeholders, where
// its account is one: <ACCOUNT_ID>, PARTNER_ACCOUNT, or an ARN with either. It is a
// literal where none stands for the account.
func awsPlaceholder(text string) value.Text {
	stands := func(s string) bool {
		return isPlaceholder(s) && saysWhat(strings.ToLower(strings.ReplaceAll(s, "_", "-")))
	}
	literal := value.Lit(text)
	if strings.Contains(text, "${") {
		return literal
	}
	who, ok := arn.Parse(text)
	switch whole := opened(text); {
	case stands(text):
		return value.Ref(value.Reference{Name: text})
	case !ok:
		if len(whole.Parts) == 1 {
			return whole
		}
		return literal
	}
	account := opened(who.Account)
	if stands(who.Account) {
		account = value.Ref(value.Reference{Name: who.Account})
	}
	if len(account.Parts) != 1 || who.Service != "iam" && who.Service != "sts" {
		return literal
	}
	return arn.Text{
		Partition: value.Lit(who.Partition), Service: value.Lit(who.Service), Region: value.Lit(who.Region), Account: account, Resource: opened(who.Resource),
	}.Join()
}

// isPlaceholder reports whether an id is a word that something is to take the place of:
// one with a capital, an underscore or a space in it, or one in small letters that says
// what is to stand there. Others in small letters may be AWS's, such as the account "aws".
func isPlaceholder(id string) bool {
	marked := false
	for _, r := range id {
		switch {
		case r >= 'A' && r <= 'Z' || r == '_' || r == ' ':
			marked = true
		case r != '-' && !(r >= 'a' && r <= 'z'):
			return false
		}
	}
	return marked || saysWhat(id)
}

// placeholderWords are what people call an id in its place.
var placeholderWords = map[string]bool{
	"your": true, "my": true, "example": true, "account": true, "accountid": true, "id": true, "org": true, "orgid": true, "organization": true, "organizationid": true,
	"organisation": true, "region": true, "vpc": true, "vpcid": true, "vpce": true, "vpceid": true, "endpoint": true, "placeholder": true, "replace": true, "replaceme": true,
	"changeme": true, "insert": true, "todo": true, "number": true, "trusted": true, "partner": true,
}

// saysWhat reports whether all of a text is such words and others, or one letter that
// is repeated: your-account-id, xxxxxxxxxxxx.
func saysWhat(id string) bool {
	if len(id) >= 3 && strings.Trim(id, id[:1]) == "" && id[0] != '-' {
		return true
	}
	for word := range strings.SplitSeq(id, "-") {
		if placeholderWords[word] {
			return true
		}
	}
	return false
}

// WithPlaceholders returns a policy as it is written, with references for the
// placeholders in its texts.
func WithPlaceholders(tree value.Value) value.Value { return filledIn("", tree) }

func filledIn(key string, v value.Value) value.Value {
	switch v.Kind {
	case value.String:
		if t := conditionValue(key, v.Text); len(t.Parts) > len(v.Text.Parts) {
			v.Text = t
		}
	case value.List:
		v.Items = slices.Clone(v.Items)
		for i := range v.Items {
			v.Items[i] = filledIn(key, v.Items[i])
		}
	case value.Map:
		v.Fields = slices.Clone(v.Fields)
		for i, f := range v.Fields {
			v.Fields[i].Value = filledIn(f.Key, f.Value)
		}
	}
	return v
}
