package resource

import "cmp"

// BlockedByAccount returns the resource under the Block Public Access of its account,
// which holds for all buckets and access points; other resources stay as they are.
// The address says where it is declared, the note is for findings.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (r Resource) BlockedByAccount(address, note string) Resource {
	if r.Type != "AWS::S3::Bucket" {
		return r
	}
	r.Block = &PublicAccessBlock{IgnorePublicACLs: true, RestrictPublicBuckets: true, Address: address}
	documents := make([]Document, len(r.Documents))
	for i, doc := range r.Documents {
		if doc.Block != nil {
			doc.Block = r.Block
		}
		documents[i] = doc
	}
	r.Documents = documents
	r.Notes = append(r.Notes[:len(r.Notes):len(r.Notes)], note)
	return r
}

// Strictest returns the settings that hold where both are made; nil is none.
func Strictest(p, q *PublicAccessBlock) *PublicAccessBlock {
	switch {
	case p == nil:
		return q
	case q == nil:
		return p
	}
	out := *p
	if !p.IgnorePublicACLs && !p.RestrictPublicBuckets {
		out.Address = q.Address
	}
	out.IgnorePublicACLs = p.IgnorePublicACLs || q.IgnorePublicACLs
	out.RestrictPublicBuckets = p.RestrictPublicBuckets || q.RestrictPublicBuckets
	out.IgnoreNeeds, out.RestrictNeeds = cmp.Or(p.IgnoreNeeds, q.IgnoreNeeds), cmp.Or(p.RestrictNeeds, q.RestrictNeeds)
	if out.IgnorePublicACLs {
		out.IgnoreNeeds = ""
	}
	if out.RestrictPublicBuckets {
		out.RestrictNeeds = ""
	}
	return &out
}
