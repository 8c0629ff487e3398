package tfplan

import (
	"maps"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/once"
)

// deployment is what a provider configuration tells of where it deploys to.
type deployment struct {
	scope   string // "" is that of the default provider
	account string
	region  string
}

// credentials are the arguments that decide which account a provider works in.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference
var credentials = []string{
	"access_key", "allowed_account_ids", "assume_role", "assume_role_with_web_identity", "forbidden_account_ids", "profile",
	"secret_key", "shared_config_files", "shared_credentials_file", "shared_credentials_files", "token",
}

// readProviders reads provider_config. Two providers work in the same account only
// if their credential arguments are equal, which a plan can tell of literals.
func (l *loader) readProviders(at piece) {
	prints := map[string]string{}
	configs := map[string]piece{}
	for m := range l.members(at) {
		if name, ok := l.str(l.at(m.value, "name")); ok && name != "aws" || !ok && !strings.HasPrefix(m.key, "aws") {
			continue
		}
		if !l.at(m.value, "module_address").missing() && l.at(m.value, "expressions").missing() {
			continue // declared without arguments: the module uses its caller's
		}
		configs[m.key] = l.at(m.value, "expressions")
		prints[m.key] = l.fingerprint(m.key, configs[m.key])
	}
	keys := slices.Sorted(maps.Keys(configs))
	names := map[string]string{"": ""} // of scopes, by fingerprint
	if len(keys) > 0 {
		names = map[string]string{prints[keys[0]]: ""} // aws sorts before aws.eu and module.x:aws
	}
	for _, key := range keys {
		if _, ok := names[prints[key]]; !ok {
			names[prints[key]] = key
		}
	}
	for _, key := range keys {
		l.providers[key] = deployment{names[prints[key]], l.accountOf(configs[key]), l.regionOf(configs[key])}
	}
	l.several = len(names) > 1
}

// fingerprint is equal for providers that certainly have the same credentials.
func (l *loader) fingerprint(key string, expressions piece) string {
	var b strings.Builder
	for _, name := range credentials {
		v := l.at(expressions, name)
		if v.missing() {
			continue
		}
		if !l.isLiteral(v) {
			return "of " + key
		}
		b.WriteString(name + "=" + string(l.raw(v)) + "\n")
	}
	return b.String()
}

// isLiteral: nothing in the expressions is computed.
func (l *loader) isLiteral(at piece) bool {
	switch l.kind(at) {
	case '[':
		for e := range l.elements(at) {
			if !l.isLiteral(e) {
				return false
			}
		}
		return true
	case '{':
		if l.isExpression(at) {
			return !l.at(at, "constant_value").missing()
		}
		for m := range l.members(at) {
			if !l.isLiteral(m.value) {
				return false
			}
		}
	}
	return true
}

var (
	accountID  = once.Regexp(`^[0-9]{12}$`)
	regionName = once.Regexp(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)
)

// accountOf returns the account that a provider works in, where it is written:
// that of the role that it assumes last, or the only one that it allows.
func (l *loader) accountOf(expressions piece) string {
	for _, role := range l.written(expressions, []string{"assume_role", "role_arn"}) {
		arn, _ := l.str(l.at(role, "constant_value"))
		if id := accountOfARN(arn); id != "" {
			return id
		}
	}
	var ids []string
	for e := range l.elements(l.at(expressions, "allowed_account_ids", "constant_value")) {
		id, _ := l.str(e)
		ids = append(ids, id)
	}
	if len(ids) == 1 && accountID().MatchString(ids[0]) {
		return ids[0]
	}
	return ""
}

func accountOfARN(text string) string {
	if id := arn.AccountOf(text); accountID().MatchString(id) {
		return id
	}
	return ""
}

// regionOf returns the Region of a provider: a literal, or the value of the only
// variable that it refers to.
func (l *loader) regionOf(expressions piece) string {
	region := l.at(expressions, "region")
	name, ok := l.str(l.at(region, "constant_value"))
	if refs := l.references(region); !ok && len(refs) == 1 {
		if variable, isVar := strings.CutPrefix(refs[0], "var."); isVar {
			name, _ = l.str(l.at(l.parts["variables"], variable, "value"))
		}
	}
	if regionName().MatchString(name) {
		return name
	}
	return ""
}

// deployment of an object.
func (l *loader) deployment(o *object) deployment {
	if o.code == nil {
		if l.several {
			return deployment{scope: "(unknown provider of " + o.address + ")"}
		}
		return l.providers["aws"]
	}
	return l.provider(o.code.provider)
}

// provider of a key of provider_config. Terraform before 1.1 has keys for
// modules that only pass on the provider of their caller.
func (l *loader) provider(key string) deployment {
	if d, ok := l.providers[key]; ok {
		return d
	}
	inherited := key[strings.LastIndexByte(key, ':')+1:]
	if d, ok := l.providers[inherited]; ok && !l.several {
		return d
	}
	if l.several {
		return deployment{scope: key}
	}
	return deployment{}
}

// learnAccounts notes the account of each scope that ARNs of existing resources,
// or the caller's identity, tell.
func (l *loader) learnAccounts() {
	found := map[string]map[string]bool{}
	add := func(scope, account string) {
		if account == "" {
			return
		}
		if found[scope] == nil {
			found[scope] = map[string]bool{}
		}
		found[scope][account] = true
	}
	for _, d := range l.providers {
		add(d.scope, d.account)
	}
	for _, o := range l.objects {
		arn, _ := l.str(l.at(o.after, "arn"))
		add(l.deployment(o).scope, accountOfARN(arn))
	}
	for _, o := range l.identities {
		id, _ := l.str(l.at(o.after, "account_id"))
		if accountID().MatchString(id) {
			add(l.deployment(o).scope, id)
		}
	}
	for scope, accounts := range found {
		if len(accounts) == 1 {
			for account := range accounts {
				l.accounts[scope] = account
			}
		}
	}
}
