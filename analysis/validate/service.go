package validate

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

// serviceChecks are about access for services, and about condition keys that a
// request does not carry.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
var serviceChecks = []Check{
	{Code: "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", Type: SecurityWarning, Basis: Partial, For: []PolicyType{Resource},
		Details: "Granting access to a service principal without specifying a source is overly permissive. Use aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths condition key to grant fine-grained access.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if !s.allows() || r.options.ResourceType == Trust || s.uses("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:referer", "kms:viaservice", "kms:calleraccount", "aws:principalorgid", "aws:principalaccount") {
					return
				}
				for _, x := range principals(&s.principal, "Service") {
					name, known := x.text()
					if _, acts := knowledge.SteerableService(name, ""); known && acts {
						r.at(x.at())
					}
				}
			})
		}},
	{Code: "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Type: Error, Basis: Partial, For: []PolicyType{Resource},
		Details: "The following condition keys are not supported when used with the service principal: %s.", run: func(r *run) {
			r.eachStatement(func(s *statement) {
				if !s.allows() || !s.onlyServices() {
					return
				}
				var at []Location
				var names []string
				for i := range s.conditions {
					c := &s.conditions[i]
					for _, key := range callerKeys {
						if c.lower == key && !c.operator.IfExists && !c.operator.Negated && c.operator.Compare != policy.NullCheck {
							at, names = append(at, c.key()), append(names, c.name)
						}
					}
				}
				if len(names) > 0 {
					r.report(at, strings.Join(names, ", "))
				}
			})
		}},
	{Code: "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Type: Suggestion, Basis: Partial, For: []PolicyType{Resource},
		Details: "To restrict access to the service principal %s operating on your behalf, we recommend aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths instead of %s.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower != "aws:sourceowner" && c.lower != "aws:referer" || !s.allows() || s.uses("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths") {
					return
				}
				for _, x := range principals(&s.principal, "Service") {
					if name, known := x.text(); known {
						prefix, _, _ := strings.Cut(name, ".")
						r.at(c.key(), prefix, c.name)
					}
				}
			})
		}},
	{Code: "UNSUPPORTED_ACTION_FOR_CONDITION_KEY", Type: Error, Basis: Partial,
		Details: "The following actions: %s are not supported by the condition key %s. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.", run: unsupportedActions},
	{Code: "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES", Type: Warning, Basis: Partial,
		Details: "The condition key %s works only with specific AWS services and must be scoped to supported services in your policies.", run: func(r *run) {
			r.eachCondition(func(s *statement, c *condition) {
				if c.lower != "aws:vpceaccount" && c.lower != "aws:vpceorgid" && c.lower != "aws:vpceorgpaths" {
					return
				}
				var at []Location
				if s.notAction.present() {
					at = append(at, s.notAction.key())
				}
				for _, x := range s.action.entries() {
					text, known := x.lower()
					service, _, colon := strings.Cut(text, ":")
					if every := text == "*"; known && (every || colon && !hasWildcard(service) && isService(service) && !endpointServices[service]) {
						at = append(at, x.at())
					}
				}
				if len(at) > 0 {
					r.report(append(at, c.key()), c.name)
				}
			})
		}},
}

// callerKeys are keys of a principal in an account: a service has none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
var callerKeys = []string{"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid", "aws:username", "aws:principaltype"}

// endpointServices are the services that tell who owns an endpoint.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount
// read 2026-11
var endpointServices = setOfNames(`
	apprunner application-autoscaling appmesh athena cloudformation codeartifact codebuild cognito-idp comprehendmedical
	dynamodb ebs ec2 ecr ecs events firehose glue kinesis kms lambda logs monitoring cloudwatch rekognition s3
	s3-object-lambda scheduler secretsmanager sns sqs ssm states sts transcribe xray`)

func setOfNames(list string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(list) {
		set[name] = true
	}
	return set
}

// onlyServices reports whether all principals of the statement are services.
func (s *statement) onlyServices() bool {
	services := false
	for _, f := range s.principal.value.Fields {
		if f.Key != "Service" {
			return false
		}
		key := elementOf(f, s.principal.path)
		services = key.isKnown()
	}
	return services
}

// judgesActions are the services of which answers are published that an action does
// not carry a key. AWS's own policies have such actions of others (application-autoscaling,
// aws-marketplace, codestar-connections, a4b), and recorded answers of 2026 say
// nothing of them. Of a key of kms for enclaves the answer takes every action that
// encrypts or decrypts as one that has it, which the reference does not.
var judgesActions = setOfNames("dynamodb kms s3 sts")

// unsupportedActions reports keys of a service, or of an identity provider, with
// the listed actions whose requests never carry them. Where none of the actions
// has the key it may be one that the tables do not list.
func unsupportedActions(r *run) {
	r.eachCondition(func(s *statement, c *condition) {
		service, ok := c.service()
		if knowledge.IsClaim(c.name) {
			service, ok = "sts", true
		}
		service = strings.ToLower(service)
		if !ok || !judgesActions[service] || c.operator.IfExists || c.operator.Negated || c.operator.Quantifier == policy.ForAllValues || c.operator.Compare == policy.NullCheck || !s.action.isKnown() {
			return
		}
		sv, ok := knowledge.ServiceOf(service)
		if _, known := knowledge.KeyOf(c.name); !ok || !known {
			return
		}
		with, also := knowledge.ListedSenders(c.lower, service), knowledge.Senders{}
		if strings.HasPrefix(c.lower, "kms:recipientattestation:") {
			also = knowledge.ListedSenders("kms:EncryptionAlgorithm", service)
		}
		supported := false
		var at []Location
		var names []string
		for _, x := range s.action.entries() {
			text, _ := x.lower()
			prefix, name, _ := strings.Cut(text, ":")
			if hasWildcard(text) || prefix != service {
				continue
			}
			if _, exists := sv.Action(name); !exists {
				continue
			}
			if with.Has(name) {
				supported = true
				continue
			}
			if also.Has(name) || !knowledge.SendsAny(service, name) {
				continue
			}
			written, _ := x.text()
			at, names = append(at, x.at()), append(names, written)
		}
		if len(names) > 0 && supported {
			r.report(append(at, c.at()), strings.Join(names, ", "), c.name)
		}
	})
}
