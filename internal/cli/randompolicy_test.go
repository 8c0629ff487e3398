package cli

import (
	"encoding/json"
	"math/rand"
)

func one(r *rand.Rand, l ...any) any { return l[r.Intn(len(l))] }

// values that a key is compared with: overlapping, and near misses.
var randomValues = map[string][]any{
	"aws:PrincipalArn":          {"arn:aws:iam::444455556666:role/a*", "arn:aws:iam::*:role/ab", "arn:aws:iam::111122223333:role/ab", "*", "*:role/ab"},
	"aws:SourceArn":             {"arn:aws:sns:*:444455556666:a*", "arn:aws:s3:::bucket", "arn:aws:s3:*:*:bucket", "arn:aws:sns:us-east-1:111122223333:ab", "*"},
	"aws:SourceAccount":         {"444455556666", "111122223333", "4444*", "*"},
	"aws:PrincipalAccount":      {"444455556666", "111122223333", "anonymous"},
	"aws:PrincipalOrgID":        {"o-aaaaaaaaaa", "o-bbbbbbbbbb", "o-*", "${aws:ResourceOrgID}"},
	"aws:PrincipalOrgPaths":     {"o-aaaaaaaaaa/r-1/*", "o-aaaaaaaaaa/*"},
	"aws:SourceIp":              {"203.0.113.0/24", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8", "198.51.100.7"},
	"aws:CurrentTime":           {"2027-01-01T00:00:00Z", "1900000000"},
	"aws:SecureTransport":       {"true", "false", true},
	"aws:PrincipalTag/team":     {"a", "b*", "${aws:RequestTag/team}", "${*}", "%{x}"},
	"aws:SourceVpce":            {"vpce-1", "vpce-2*"},
	"aws:PrincipalIsAWSService": {"true", false},
	"sts:ExternalId":            {"s3cret", 12345},
	"kms:CallerAccount":         {"111122223333", "444455556666"},
}

var randomKeys = []string{
	"aws:PrincipalArn", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceIp",
	"aws:CurrentTime", "aws:SecureTransport", "aws:PrincipalTag/team", "aws:SourceVpce", "aws:PrincipalIsAWSService",
}

func randomCondition(r *rand.Rand, keys []string) (operator, key string, values any) {
	key = keys[r.Intn(len(keys))]
	var o any
	switch key {
	case "aws:PrincipalArn", "aws:SourceArn":
		o = one(r, "ArnLike", "ArnNotLike", "ArnEquals", "StringLike", "StringEquals", "StringNotLike")
	case "aws:SourceIp":
		o = one(r, "IpAddress", "NotIpAddress")
	case "aws:CurrentTime":
		o = one(r, "DateLessThan", "DateGreaterThan")
	case "aws:SecureTransport", "aws:PrincipalIsAWSService":
		o = one(r, "Bool", "BoolIfExists")
	default:
		o = one(r, "StringEquals", "StringNotEquals", "StringLike", "StringEqualsIgnoreCase")
	}
	operator = o.(string)
	switch r.Intn(8) {
	case 0:
		operator += "IfExists"
	case 1:
		operator = "ForAllValues:" + operator
	case 2:
		operator = "ForAnyValue:" + operator
	case 3:
		return "Null", key, one(r, "true", "false", true)
	}
	if r.Intn(2) == 0 {
		return operator, key, one(r, randomValues[key]...)
	}
	return operator, key, []any{one(r, randomValues[key]...), one(r, randomValues[key]...)}
}

// randomPolicy returns the text of a small policy for a subject.
func randomPolicy(r *rand.Rand, name string) string {
	principals := []any{
		"*", map[string]any{"AWS": "*"}, map[string]any{"AWS": "444455556666"}, map[string]any{"AWS": []any{"arn:aws:iam::444455556666:role/ab", "arn:aws:iam::444455556666:root"}},
		map[string]any{"AWS": "arn:aws:iam::444455556666:user/p/bob"}, map[string]any{"Service": "sns.amazonaws.com"},
		map[string]any{"AWS": []any{"arn:aws:iam::111122223333:root"}, "Service": []any{"s3.amazonaws.com", "events.amazonaws.com"}},
	}
	keys := randomKeys
	var actions, resources []any
	switch name {
	case "bucket":
		actions = []any{"s3:GetObject", "s3:*", []any{"s3:Get*", "s3:ListBucket"}, "S3:getobject", "*"}
		resources = []any{"arn:aws:s3:::b/*", "arn:aws:s3:::b", []any{"arn:aws:s3:::b", "arn:aws:s3:::b/*"}, "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/a*"}
		principals = append(principals, map[string]any{"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})
	case "queue":
		actions = []any{"sqs:SendMessage", "sqs:*", []any{"SQS:SendMessage", "sqs:ReceiveMessage"}}
		resources = []any{"arn:aws:sqs:eu-west-1:111122223333:q", "*", "arn:aws:sqs:*:111122223333:q*"}
	case "role":
		actions = []any{"sts:AssumeRole", []any{"sts:AssumeRole", "sts:TagSession"}, "sts:AssumeRoleWithWebIdentity"}
		principals = append(principals, map[string]any{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"})
		keys = append(keys[:len(keys):len(keys)], "sts:ExternalId")
	case "key":
		actions = []any{"kms:Decrypt", "kms:*", []any{"kms:Encrypt", "kms:CreateGrant"}}
		resources = []any{"*"}
		keys = append(keys[:len(keys):len(keys)], "kms:CallerAccount")
	}
	var statements []any
	for n := 1 + r.Intn(3); n > 0; n-- {
		s := map[string]any{"Effect": one(r, "Allow", "Allow", "Deny"), one(r, "Principal", "Principal", "Principal", "NotPrincipal").(string): one(r, principals...), "Action": one(r, actions...)}
		if resources != nil {
			s["Resource"] = one(r, resources...)
		}
		condition := map[string]any{}
		for m := r.Intn(3); m > 0; m-- {
			operator, key, values := randomCondition(r, keys)
			if condition[operator] == nil {
				condition[operator] = map[string]any{key: values}
			}
		}
		if len(condition) > 0 {
			s["Condition"] = condition
		}
		statements = append(statements, s)
	}
	text, err := json.Marshal(map[string]any{"Version": one(r, "2012-10-17", "2012-10-17", "2008-10-17"), "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(text)
}
