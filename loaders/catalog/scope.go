package catalog

import (
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

// namesOther reports whether a tree refers to a deployment other than its own.
func namesOther(v value.Value, scope string) bool {
	for _, p := range v.Text.Parts {
		if p.Ref != nil && p.Ref.Is != value.Anything && p.Ref.Scope != scope {
			return true
		}
	}
	for _, item := range v.Items {
		if namesOther(item, scope) {
			return true
		}
	}
	for _, f := range v.Fields {
		if namesOther(f.Value, scope) {
			return true
		}
	}
	return false
}

// seen returns a tree as a resource of one deployment sees it: what belongs to
// another deployment is not its own.
func (j *joiner) seen(v value.Value, scope string) value.Value {
	if !j.several {
		return v
	}
	switch v.Kind {
	case value.String, value.Unknown:
		v.Text = j.seenText(v.Text, scope)
	case value.List:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = j.seen(item, scope)
		}
		v.Items = items
	case value.Map:
		fields := make([]value.Field, len(v.Fields))
		for i, f := range v.Fields {
			f.Value = j.seen(f.Value, scope)
			fields[i] = f
		}
		v.Fields = fields
	}
	return v
}

func (j *joiner) seenText(t value.Text, scope string) value.Text {
	out, _ := replaced(t, func(r value.Reference, alone bool) (value.Text, bool) { return j.seenReference(r, scope, alone) })
	return out
}

// seenReference returns what stands for a reference to another deployment. Of a
// name in a text it is still known that it is a name, without a colon or a
// wildcard; whose it is, the account beside it says.
func (j *joiner) seenReference(r value.Reference, scope string, alone bool) (value.Text, bool) {
	if r.Is == value.Anything || r.Scope == scope {
		return value.Text{}, false
	}
	account := j.accounts[r.Scope]
	name := r.Name + " of " + r.Scope
	switch {
	case r.Is == value.OwnAccount && account != "":
		return value.Lit(account), true
	case r.Is == value.OwnPartition, r.Is == value.OwnSuffix:
		r.Scope = scope // deployments of two partitions cannot trust each other
		return value.Ref(r), true
	case r.Is == value.OwnRegion, r.Is == value.OwnName && account != "" && !alone:
		return value.Ref(value.Reference{Name: name, Is: value.OwnName, Scope: scope}), true
	}
	return value.Ref(value.Reference{Name: name}), true
}

// seenDocument does the same for a document.
func (j *joiner) seenDocument(d *policy.Document, scope string) *policy.Document {
	if !j.several {
		return d
	}
	return rewritten(d, func(_ element, t value.Text) (value.Text, bool) {
		return replaced(t, func(r value.Reference, alone bool) (value.Text, bool) { return j.seenReference(r, scope, alone) })
	})
}

// owns notes what of a deployment no account is named in: whoever acts through
// its buckets and origin access identities is the owner.
func (j *joiner) owns(b Block) {
	switch b.Type {
	case "AWS::S3::Bucket", "aws_s3_bucket", "AWS::CloudFront::CloudFrontOriginAccessIdentity", "aws_cloudfront_origin_access_identity":
	default:
		return
	}
	names := []string{"Ref", "Arn", "S3CanonicalUserId"}
	if j.language == Terraform {
		names = []string{"id", "arn", "iam_arn", "s3_canonical_user_id"}
	}
	if b.Type == "AWS::CloudFront::CloudFrontOriginAccessIdentity" {
		names = append(names, "(iam)")
	}
	for _, name := range names {
		v, ok := Attribute(j.language, b, name)
		if !ok {
			continue
		}
		if k := [2]string{b.Scope, key(v.Text)}; !j.owned[k] {
			j.owned[k] = true
			j.own[b.Scope] = append(j.own[b.Scope], v.Text)
		}
	}
}
