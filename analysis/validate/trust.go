package validate

import (
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/value"
)

const githubIssuer = "token.actions.githubusercontent.com"

// trustChecks are about trust policies of roles.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html
var trustChecks = []Check{
	{Code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: "Role trust policies do not support NotPrincipal. Update the policy to use a Principal element instead.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if s.notPrincipal.present() {
					r.at(s.notPrincipal.key())
				}
			})
		}},
	{Code: "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: `"Principal:" "*" is not supported in the principal element of a role trust policy. Replace the wildcard with a valid principal value.`, run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if text, known := s.principal.value.Text.Known(); known && s.principal.value.Kind == value.String && text == "*" && s.allows() {
					r.at(s.principal.at())
				}
			})
		}},
	{Code: "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: "Role trust policies apply to the role that they are attached to. You cannot specify a resource. Remove the Resource or NotResource element.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				for _, e := range []*element{&s.resource, &s.notResource} {
					if e.present() {
						r.at(e.key())
					}
				}
			})
		}},
	{Code: "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: "The principal value specifies a federated principal that does not match the expected format. Update the federated principal to a domain name or a SAML metadata ARN.", run: func(r *run) {
			r.eachFederated(func(s *statement, x entry, text string) {
				if providerOf(text) == "" && !hasWildcard(text) {
					r.at(x.at())
				}
			})
		}},
	{Code: "MISMATCHED_ACTION_FOR_PRINCIPAL", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: "The %s action is invalid with the following principal(s): %s. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options.", run: mismatchedActions},
	{Code: "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", Type: Error, Basis: Grammar, On: []string{Trust},
		Details: "The rolesanywhere.amazonaws.com service principal requires the sts:AssumeRole, sts:SetSourceIdentity, and sts:TagSession permissions to assume a role. Add the missing permissions to the policy.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if !s.allows() || !s.action.isKnown() {
					return
				}
				for _, x := range principals(&s.principal, "Service") {
					if text, known := x.text(); known && text == "rolesanywhere.amazonaws.com" &&
						!(s.does("sts:assumerole") && s.does("sts:setsourceidentity") && s.does("sts:tagsession")) {
						r.report([]Location{s.action.at(), x.at()})
					}
				}
			})
		}},
	{Code: "MISSING_ACTION_FOR_CONDITION_KEY", Type: Error, Basis: Tables, On: []string{Trust},
		Details: "The %[1]s action must be in the action block to allow setting values for the condition key %[2]s. Add %[1]s to the action block.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if !s.allows() || !s.action.isKnown() || c.operator.Negated || c.operator.IfExists || c.operator.Compare == policy.NullCheck {
					return
				}
				action := ""
				switch {
				case strings.HasPrefix(c.lower, "aws:requesttag/") || c.lower == "aws:tagkeys" || c.lower == "sts:transitivetagkeys":
					action = "sts:TagSession"
				case c.lower == "sts:sourceidentity":
					action = "sts:SetSourceIdentity"
				}
				if action != "" && !s.does(strings.ToLower(action)) {
					r.report([]Location{s.action.at(), c.key()}, action, c.name)
				}
			})
		}},
	{Code: "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", Type: SecurityWarning, Basis: Grammar, On: []string{Trust},
		Details: "Using an Open ID Connect principal without a condition can be overly permissive. Add condition keys with a prefix that matches your federated OIDC principals to ensure that only the intended identity provider assumes the role.", run: func(r *run) {
			r.eachFederated(func(s *statement, x entry, text string) {
				host, ok := strings.CutPrefix(providerOf(text), "oidc:")
				if ok && s.allows() && s.does("sts:assumerolewithwebidentity") && !s.usesPrefix(host+":") {
					r.at(x.at())
				}
			})
		}},
	{Code: "MISSING_GITHUB_REPO_CONDITION_KEY", Type: SecurityWarning, Basis: Grammar, On: []string{Trust},
		Details: "Granting a federated GitHub principal permissions without a condition key can allow more sources to assume the role than you intended. Add the token.actions.githubusercontent.com:sub condition key and specify the branch and repository name in the value.", run: func(r *run) {
			r.eachFederated(func(s *statement, x entry, text string) {
				if providerOf(text) == "oidc:"+githubIssuer && s.allows() && s.does("sts:assumerolewithwebidentity") && !s.uses(githubIssuer+":sub") {
					r.at(x.at())
				}
			})
		}},
	{Code: "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", Type: Warning, Basis: Grammar, On: []string{Trust},
		Details: "Using a wildcard (*) in token.actions.githubusercontent.com:sub can allow requests from more sources than you intended. Specify the value of token.actions.githubusercontent.com:sub with the repository and branch name. If the subject claim does not include the branch, specify it in a token.actions.githubusercontent.com:ref condition key.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower != githubIssuer+":sub" || !s.allows() || c.operator.Negated || c.operator.Compare != policy.StringLike {
					return
				}
				for _, x := range c.entries() {
					if text, known := x.text(); known && hasWildcard(text) {
						r.at(x.at())
					}
				}
			})
		}},
	{Code: "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", Type: Suggestion, Basis: Grammar, On: []string{Trust},
		Details: "The assumed-role principal %s is redundant with its parent role %s. Remove the assumed-role principal.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				list := principals(&s.principal, "AWS")
				for _, x := range list {
					session, _ := x.text()
					for _, y := range list {
						if role, known := y.text(); known && isSessionOf(session, role) {
							r.report([]Location{x.at(), y.at()}, session, role)
						}
					}
				}
			})
		}},
}

// does reports whether an action, in lower case, is one of the statement's, or
// may be.
func (s *statement) does(action string) bool {
	if s.notAction.present() {
		return true
	}
	for _, x := range s.action.entries() {
		if text, known := x.lower(); !known || covers(text, action) {
			return true
		}
	}
	return false
}

// usesPrefix reports whether a constraint of the statement is on a key with a
// prefix, or may be.
func (s *statement) usesPrefix(prefix string) bool {
	return !s.readable() || slices.ContainsFunc(s.conditions, func(c condition) bool {
		return isOpen(c.name) || strings.HasPrefix(c.lower, strings.ToLower(prefix))
	})
}

// eachFederated visits every federated principal that is known.
func (r *run) eachFederated(f func(s *statement, x entry, text string)) {
	r.eachStatement(func(s *statement) {
		for _, x := range principals(&s.principal, "Federated") {
			if text, known := x.text(); known {
				f(s, x, text)
			}
		}
	})
}

// providerOf returns what a federated principal is: "saml", or "oidc:" and the
// issuer; "" if it is neither.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
func providerOf(text string) string {
	if strings.HasPrefix(text, "arn:") {
		a := arnOf(value.Lit(text))
		switch resource := a.parts[arnResource]; {
		case a.count != 6 || a.parts[arnService] != "iam":
			return ""
		case strings.HasPrefix(resource, "saml-provider/"):
			return "saml"
		case strings.HasPrefix(resource, "oidc-provider/"):
			return "oidc:" + strings.ToLower(strings.TrimPrefix(resource, "oidc-provider/"))
		}
		return ""
	}
	if strings.Contains(text, ".") && !strings.ContainsAny(text, " :@") {
		return "oidc:" + strings.ToLower(text)
	}
	return ""
}

// mismatchedActions reports actions of sts that no principal of one kind can use.
func mismatchedActions(r *run) {
	r.eachStatement(func(s *statement) {
		if !s.allows() {
			return
		}
		for _, x := range s.action.entries() {
			action, known := x.lower()
			wants, listed := map[string]string{"sts:assumerole": "", "sts:assumerolewithsaml": "saml", "sts:assumerolewithwebidentity": "oidc"}[action]
			if !known || !listed {
				continue
			}
			at := []Location{x.at()}
			var names []string
			for _, key := range principalKeys {
				for _, p := range principals(&s.principal, key) {
					text, known := p.text()
					kind, _, _ := strings.Cut(providerOf(text), ":")
					if key != "Federated" {
						kind = ""
					}
					valid := known && !hasWildcard(text) && (key != "Federated" || kind != "")
					if valid && kind != wants && !s.suits(key, kind) {
						at, names = append(at, p.at()), append(names, text)
					}
				}
			}
			if len(names) > 0 {
				text, _ := x.text()
				r.report(at, text, strings.Join(names, ", "))
			}
		}
	})
}

// suits reports whether the statement has an action that a kind of principal can
// use: a statement may list the actions of several.
func (s *statement) suits(key, kind string) bool {
	if key != "Federated" {
		return s.does("sts:assumerole")
	}
	return kind == "saml" && s.does("sts:assumerolewithsaml") || kind == "oidc" && s.does("sts:assumerolewithwebidentity")
}

// isSessionOf reports whether a principal is a session of a role. AWS's example has
// one under iam.
func isSessionOf(session, role string) bool {
	a, b := arnOf(value.Lit(session)), arnOf(value.Lit(role))
	if a.count != 6 || b.count != 6 || a.parts[arnService] != "sts" && a.parts[arnService] != "iam" || b.parts[arnService] != "iam" || a.parts[arnAccount] != b.parts[arnAccount] {
		return false
	}
	name, ok := strings.CutPrefix(a.parts[arnResource], "assumed-role/")
	name, _, _ = strings.Cut(name, "/")
	return ok && strings.HasPrefix(b.parts[arnResource], "role/") && name == b.parts[arnResource][strings.LastIndexByte(b.parts[arnResource], '/')+1:]
}
