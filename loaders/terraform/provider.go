package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/value"
)

// accounts are the deployments of the provider configurations.
type accounts struct {
	byBlock map[*hclsyntax.Block]*deployment // of a block in one module: configurations are not shared
	scopes  map[string]string                // name of the deployment, by its credentials
}

// deployment is what a provider configuration tells of where it deploys to.
type deployment struct {
	scope     string // "" is the main one
	account   string
	region    string
	partition string
}

// findAccounts names the deployment of the default configuration "": that of
// the provider "aws" without an alias. Where none is declared, it is the empty
// one, which takes its credentials from where Terraform runs.
//
// https://developer.hashicorp.com/terraform/language/providers/configuration#default-provider-configurations
func (l *loader) findAccounts(root *module) {
	l.accounts = &accounts{byBlock: map[*hclsyntax.Block]*deployment{}, scopes: map[string]string{}}
	credentials := ""
	if main := root.cfg.providers["aws"]; main != nil {
		credentials, _ = l.credentials(root, main)
	}
	l.accounts.scopes[credentials] = ""
}

// provider returns the deployment of a resource.
//
// https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider
func (i *instance) provider() *deployment {
	key, _, _ := strings.Cut(i.block.Labels[0], "_")
	if a := i.block.Body.Attributes["provider"]; a != nil {
		if k := i.m.l.providerKey(a.Expr); k != "" {
			key = k
		}
	}
	return i.m.deployment(key)
}

// providerKey reads a reference to a provider configuration.
func (l *loader) providerKey(e hclsyntax.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return traversalKey(e.Traversal)
	case *hclsyntax.IndexExpr: // one of several, each with its own Region
		return l.providerKey(e.Collection)
	case *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr, *hclsyntax.LiteralValueExpr:
		return l.constant(e)
	}
	return ""
}

func traversalKey(t hcl.Traversal) string {
	key := t.RootName()
	if alias := attrName(t, 1); alias != "" {
		key += "." + alias
	}
	return key
}

// deployment resolves a provider configuration through the calls of modules.
func (m *module) deployment(key string) *deployment {
	l := m.l
	for m.parent != nil {
		if a := m.call.Body.Attributes["providers"]; a != nil {
			if passed := l.passedProvider(a.Expr, key); passed != "" {
				m, key = m.parent, passed
				continue
			}
		}
		if m.cfg.providers[key] != nil {
			break
		}
		if strings.Contains(key, ".") {
			return l.deploymentOf(m, nil, key)
		}
		m = m.parent
	}
	return l.deploymentOf(m, m.cfg.providers[key], key)
}

// passedProvider returns what the call of a module passes as a provider.
func (l *loader) passedProvider(e hclsyntax.Expression, key string) string {
	object, ok := e.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return ""
	}
	for _, item := range object.Items {
		name := ""
		k := item.KeyExpr
		if wrapped, ok := k.(*hclsyntax.ObjectConsKeyExpr); ok {
			k = wrapped.Wrapped
		}
		if name = l.providerKey(k); name == key {
			return l.providerKey(item.ValueExpr)
		}
	}
	return ""
}

var accountOfRole = once.Regexp(`^arn:(aws[a-z-]*):iam::([0-9]{12}):`)

// credentials returns a text that is the same for two configurations only if
// they act in one account, and the account where it is known. Regions, tags and
// endpoints make no difference.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
func (l *loader) credentials(m *module, b *hclsyntax.Block) (same, account string) {
	sc := m.top()
	if b.Body.Attributes["for_each"] != nil {
		sc.key = unknownVal(value.Reference{Name: "each.key"}, l.span(b.TypeRange))
		sc.val = unknownVal(value.Reference{Name: "each.value"}, l.span(b.TypeRange))
	}
	v := l.body(b.Body, sc, l.span(b.TypeRange))
	var parts []string
	for _, name := range []string{"profile", "access_key", "shared_credentials_file", "shared_credentials_files", "shared_config_files"} {
		if a := v.get(name); a != nil && !a.isNull() {
			parts = append(parts, name+" "+a.identity())
		}
	}
	for _, name := range []string{"assume_role", "assume_role_with_web_identity"} {
		roles := v.get(name)
		if roles == nil {
			continue
		}
		if roles.kind == mapping {
			roles = seqVal([]*val{roles}, roles.span)
		}
		for _, role := range roles.items {
			arn := role.get("role_arn")
			if arn == nil || role.maybe != nil || arn.isNull() {
				parts = append(parts, name+" "+role.identity())
				continue
			}
			parts = append(parts, "role "+arn.identity())
			account = ""
			if arn.kind == text && arn.secretFile() == nil {
				if found := accountOfRole().FindStringSubmatch(first(arn.string())); found != nil {
					account = found[2]
				}
			}
		}
	}
	if ids := v.get("allowed_account_ids"); ids != nil && ids.kind == sequence && ids.fixed() && len(ids.items) == 1 {
		if t, ok := unlessSecret(ids.items[0]).scalarText(); ok {
			if id, known := t.Known(); known && len(id) == 12 {
				account = id
			}
		}
	}
	if account != "" {
		return "account " + account, account
	}
	return strings.Join(parts, "\n"), ""
}

func (l *loader) deploymentOf(m *module, b *hclsyntax.Block, key string) *deployment {
	if b == nil {
		d := &deployment{account: l.declaredAccount(""), region: l.o.Region, partition: l.o.Partition}
		if d.partition == "" && d.region != "" {
			d.partition = knowledge.PartitionOf(d.region)
		}
		return d
	}
	if d := l.accounts.byBlock[b]; d != nil {
		return d
	}
	d := &deployment{region: l.o.Region, partition: l.o.Partition}
	l.accounts.byBlock[b] = d
	credentials, account := l.credentials(m, b)
	scope, ok := l.accounts.scopes[credentials]
	if !ok {
		scope = m.address("provider." + key)
		l.accounts.scopes[credentials] = scope
	}
	d.scope, d.account = scope, account
	if account == "" {
		d.account = l.declaredAccount(scope)
	}
	if a := b.Body.Attributes["region"]; a != nil && b.Body.Attributes["for_each"] == nil {
		if region, known := unlessSecret(l.eval(a.Expr, m.top())).known(); known {
			d.region = region
		} else {
			d.region = ""
		}
	} else if a != nil {
		d.region = ""
	}
	if d.partition == "" && d.region != "" {
		d.partition = knowledge.PartitionOf(d.region)
	}
	return d
}

// declaredAccount returns the account that the user has declared, which is the
// main deployment's.
func (l *loader) declaredAccount(scope string) string {
	if scope == "" {
		return l.o.Account
	}
	return ""
}

// The references to what a deployment has in common, or their value where it is
// known. They have the names that package catalog gives them.
func (d *deployment) own(is value.Meaning, known string) value.Text {
	if known != "" {
		return value.Lit(known)
	}
	return value.Ref(value.Reference{Name: is.String(), Is: is, Scope: d.scope})
}

// settled puts what is known of a deployment into a text that refers to it.
func (d *deployment) settled(t value.Text) value.Text {
	t, _ = t.Replace(func(r value.Reference) (value.Text, bool) {
		if r.Scope != d.scope {
			return value.Text{}, false
		}
		switch r.Is {
		case value.OwnAccount:
			return d.accountText(), true
		case value.OwnRegion:
			return d.regionText(), true
		case value.OwnPartition:
			return d.partitionText(), true
		case value.OwnSuffix:
			return d.suffixText(), true
		}
		return value.Text{}, false
	})
	return t
}

func (d *deployment) accountText() value.Text   { return d.own(value.OwnAccount, d.account) }
func (d *deployment) regionText() value.Text    { return d.own(value.OwnRegion, d.region) }
func (d *deployment) partitionText() value.Text { return d.own(value.OwnPartition, d.partition) }
func (d *deployment) suffixText() value.Text {
	return d.own(value.OwnSuffix, knowledge.SuffixOf(d.partition))
}
