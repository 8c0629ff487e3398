package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

const shareKind = "AWS::RAM::ResourceShare"

// shared reads lists of accounts, ARNs or organizations that may use a resource:
// all of them may do what the kind grants.
func shared(paths ...string) func(*building, Block) {
	return func(b *building, block Block) { b.share(block, b.row.kind().Grants, paths) }
}

// sharedFor does the same for kinds that grant actions by policies as well.
func sharedFor(actions []string, paths ...string) func(*building, Block) {
	return func(b *building, block Block) { b.share(block, actions, paths) }
}

func (b *building) share(block Block, actions, paths []string) {
	var entries []value.Value
	for _, path := range paths {
		for _, v := range at(block.Properties, path) {
			entries = append(entries, b.entries(v)...)
		}
	}
	b.shareWith(block, actions, entries)
}

// entries of a list; an empty string is none.
func (b *building) entries(v value.Value) []value.Value {
	var out []value.Value
	for _, item := range items(v) {
		switch {
		case item.Kind == value.Null, item.Kind == value.String && item.Text.Literal == "" && item.Text.Parts == nil:
		case item.Kind == value.Number:
			item.Kind = value.String
			fallthrough
		default:
			out = append(out, item)
		}
	}
	return out
}

func (b *building) shareWith(block Block, actions []string, entries []value.Value) {
	if len(entries) == 0 {
		return
	}
	arn := b.res.ARN
	if arn.Literal == "" && arn.Parts == nil || b.row.Kind == shareKind {
		arn = value.Lit("*") // who is on the list of a share accepts an invitation, which has an ARN of its own
	}
	doc := b.ShareList(entries, entries[0].Span, actions, arn)
	b.add(resource.Document{Policy: b.joiner.seenDocument(doc, block.Scope)}, block)
}

// documentPermissions reads with whom an SSM document is shared.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_document
func documentPermissions(b *building, block Block) {
	var entries []value.Value
	for _, v := range at(block.Properties, "permissions.account_ids") {
		for _, item := range items(v) {
			text, known := item.Text.Known()
			if item.Kind != value.String || !known {
				entries = append(entries, item)
				continue
			}
			for _, id := range strings.Split(text, ",") {
				one := item
				if id = strings.TrimSpace(id); strings.EqualFold(id, "all") {
					id = "all"
				}
				if one.Text = value.Lit(id); id != "" {
					entries = append(entries, one)
				}
			}
		}
	}
	b.shareWith(block, b.row.kind().Grants, entries)
}

// settleShare: a share that is for your organization only cannot be accepted
// outside it. An organization or a unit that it names is the own one, or of it:
// AWS takes no other.
//
// https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
func settleShare(b *building) {
	if b.parent == nil {
		return
	}
	v := one(b.parent.Properties, "AllowExternalPrincipals")
	unset := true // in CloudFormation
	if languageOf(b.parent.Type) == Terraform {
		v, unset = one(b.parent.Properties, "allow_external_principals"), false
	}
	text, _ := v.Text.Known()
	external := unset
	open := undecided(v, "whether "+b.parent.Address+" allows principals outside the organization")
	switch {
	case open != "":
		external = false
	case v.Kind != value.Absent:
		external = !strings.EqualFold(text, "false")
	}
	if external {
		return
	}
	organization := value.Ref(value.Reference{Name: "own organization", Is: value.OwnOrganization, Scope: b.parent.Scope})
	var whole []resource.Document
	if open != "" {
		whole = ifOpen(b.res.Documents, open)
	}
	b.limit(grants.Where("StringEquals", "aws:PrincipalOrgID", organization, b.res.Span), func(s *policy.Statement) bool { return !ofOrganization(s) })
	b.res.Documents = append(b.res.Documents, whole...)
}

// ifOpen returns documents with what they allow those who need not be of an organization,
// if something that is not known is so.
func ifOpen(list []resource.Document, open string) []resource.Document {
	var out []resource.Document
	for _, d := range list {
		some := *d.Policy
		some.Statements = nil
		for _, s := range d.Policy.Statements {
			if s.Effect == policy.Allow && !ofOrganization(&s) {
				s.Maybe, s.Alternatives = cmp.Or(s.Maybe, open), 0
				some.Statements = append(some.Statements, s)
			}
		}
		if d.Policy = &some; some.Statements != nil {
			out = append(out, d)
		}
	}
	return out
}

// limit adds a condition to what is allowed by statements of a kind.
func (b *building) limit(c policy.Condition, which func(*policy.Statement) bool) {
	for i, d := range b.res.Documents {
		limited := *d.Policy
		limited.Statements = append([]policy.Statement{}, d.Policy.Statements...)
		for k := range limited.Statements {
			s := &limited.Statements[k]
			if s.Effect == policy.Allow && which(s) {
				s.Condition = append(s.Condition[:len(s.Condition):len(s.Condition)], c)
			}
		}
		b.res.Documents[i].Policy = &limited
	}
}

// ofOrganization reports whether a statement is for an organization or a unit.
func ofOrganization(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Condition, func(c policy.Condition) bool {
		return c.Key == "aws:PrincipalOrgID" || c.Key == "aws:PrincipalOrgPaths"
	})
}

// blockSharing reads what keeps snapshots of an account from being public.
//
// https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
func blockSharing(states ...string) func(*building, Block) {
	return func(b *building, block Block) {
		for _, name := range []string{"State", "state"} {
			v := one(block.Properties, name)
			text, known := v.Text.Known()
			if why := undecided(v, name+" of "+block.Address); why != "" && !b.maybe {
				b.sharing = why
			}
			for _, s := range states {
				if known && v.Kind == value.String && text == s && !b.maybe {
					b.noPublic = block.Address
				}
			}
		}
	}
}

// newImages: what keeps images from being shared with the public anew closes none
// that is.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
func newImages(b *building, block Block) {
	if text, _ := one(block.Properties, "state").Text.Known(); text == "block-new-sharing" && len(b.res.Documents) > 0 {
		b.note("%s lets no image be shared with the public from now on; what is shared already stays so", block.Address)
	}
}

// settleShared takes public access out of a sharing list where the account
// blocks it.
func settleShared(b *building) {
	if b.noPublic == "" {
		for i, d := range b.res.Documents {
			if b.sharing != "" {
				b.res.Documents[i].Policy = sharingInDoubt(d.Policy, b.sharing)
			}
		}
		return
	}
	some, all := false, true
	for _, d := range b.res.Documents {
		for _, s := range d.Policy.Statements {
			public := s.Principal.List[0].Kind == policy.Anyone
			some, all = some || public, all && public
		}
	}
	if !some {
		return
	}
	if all {
		b.res.Block = &resource.PublicAccessBlock{RestrictPublicBuckets: true, Address: b.noPublic}
		return
	}
	b.note("%s cuts off public sharing", b.noPublic)
	for i, d := range b.res.Documents {
		kept := *d.Policy
		kept.Statements = nil
		for _, s := range d.Policy.Statements {
			if s.Principal.List[0].Kind != policy.Anyone {
				kept.Statements = append(kept.Statements, s)
			}
		}
		b.res.Documents[i].Policy = &kept
	}
}

// encryption reads whether a snapshot is encrypted, and the key.
func encryption(encrypted, key string) func(*building, Block) {
	return func(b *building, block Block) {
		on := one(block.Properties, encrypted)
		text, known := on.Text.Known()
		b.res.Encrypted = on.Kind != value.Unknown && known && strings.EqualFold(text, "true")
		b.keyOf(one(block.Properties, key), block, true)
	}
}

// keyOf reads the key that encrypts a resource.
func (b *building) keyOf(v value.Value, block Block, snapshot bool) {
	if v.Kind == value.Absent || v.Kind == value.Null {
		return
	}
	text, known := v.Text.Known()
	if v.Kind == value.Unknown || v.Kind != value.String && !known || known && text == "" {
		return
	}
	b.res.Encrypted = b.res.Encrypted || snapshot
	if i := strings.Index(text, "alias/aws/"); i >= 0 {
		b.res.AWSManagedKey = text[i+len("alias/"):]
		return
	}
	row := b.joiner.kinds[keyKind]
	if found := b.joiner.find(row, v.Text, block); len(found) > 0 {
		if snapshot {
			b.note("the policy of the key %s decides as well", found[0].address)
		} else {
			b.res.KeyAddress = found[0].address
		}
		return
	}
	b.res.KeyNotInCode = v.Text.String()
	if !snapshot && !strings.Contains(b.res.KeyNotInCode, "alias/") {
		b.res.KeyARN = row.arnOf(v.Text, block)
	}
}

// secretKey: under the key that AWS manages for the service no other account can
// read a secret.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
func secretKey(property, replicas string) func(*building, Block) {
	return func(b *building, block Block) {
		b.secretUnder(one(block.Properties, property), block)
		for _, v := range at(block.Properties, replicas) {
			b.replicaUnder(v, block)
		}
	}
}

func (b *building) secretUnder(v value.Value, block Block) {
	if v.Kind == value.Absent || v.Kind == value.Null || v.Kind == value.String && v.Text.Literal == "" && v.Text.Parts == nil {
		b.res.AWSManagedKey = "aws/secretsmanager"
		return
	}
	if v.Kind == value.Unknown {
		b.note("which key encrypts %s is not known", block.Address)
	}
	b.keyOf(v, block, false)
}

// replicaUnder reads the key of a replica. The policy of the secret is the
// replica's too, and whoever may use one of the keys reads the value there.
//
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
func (b *building) replicaUnder(v value.Value, block Block) {
	replica := building{joiner: b.joiner}
	replica.secretUnder(v, block)
	r, first := replica.res, b.res
	b.res.Notes = append(b.res.Notes, r.Notes...)
	if r.AWSManagedKey != "" || r.KeyAddress != "" && r.KeyAddress == first.KeyAddress {
		return
	}
	b.note("a replica of %s has a key of its own", block.Address)
	b.res.AWSManagedKey, b.res.KeyAddress, b.res.KeyARN, b.res.KeyNotInCode = "", r.KeyAddress, r.KeyARN, r.KeyNotInCode
	if first.AWSManagedKey != "" {
		return // nobody outside reads it there
	}
	// Either key will do: the policies of both together are not looked at.
	b.res.KeyAddress, b.res.KeyARN = "", value.Text{}
	if b.res.KeyNotInCode == "" {
		b.res.KeyNotInCode = r.KeyAddress
	}
}
