package validate

import (
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/value"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
var actionChecks = []Check{
	{Code: "INVALID_SERVICE_IN_ACTION", Type: Error, Basis: Tables, Details: "The service %s specified in the action does not exist.%s", run: func(r *run) {
		r.eachAction(func(s *statement, x entry, service, name string) {
			if hasWildcard(service) || service == "" || knowledge.IsRetired(service) {
				return
			}
			if _, known := knowledge.ServiceOf(service); known {
				return
			}
			hint := ""
			if n := r.nearService(service); n != "" {
				hint = " Did you mean " + n + "?"
			}
			text, _ := x.text()
			r.at(x.at(), text, hint)
		})
	}},
	{Code: "INVALID_ACTION", Type: Error, Basis: Tables, Details: "The action %s does not exist.%s", run: func(r *run) {
		r.eachAction(func(s *statement, x entry, service, name string) {
			text, _ := x.text()
			known := service == "" && text == "*" || hasWildcard(service)
			if sv, ok := knowledge.ServiceOf(service); ok {
				known = sv.HasAction(name, covers)
			} else if service != "" {
				known = true // INVALID_SERVICE_IN_ACTION
			}
			if !known && !slices.Contains(r.options.Taken, service+":"+name) {
				r.at(x.at(), text, didYouMean(service, name))
			}
		})
	}},
	{Code: "WILDCARD_IN_SERVICE_NAME", Type: Suggestion, Basis: Grammar,
		Details: "Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services with similar names.", run: func(r *run) {
			r.eachAction(func(s *statement, x entry, service, name string) {
				if hasWildcard(service) {
					r.at(x.at())
				}
			})
			r.eachResource(func(s *statement, x entry, a *arn) {
				if service, known := a.glob(arnService); known && a.count == 6 && hasWildcard(service) {
					r.at(x.at())
				}
			})
		}},
	{Code: "UNSUPPORTED_ACTION_IN_POLICY", Type: Error, Basis: Tables, On: ResourceTypes,
		Details: "The action %s is not supported for the resource-based policy attached to the resource type %s.", run: func(r *run) {
			own := ownServices[r.options.ResourceType]
			r.eachAction(func(s *statement, x entry, service, name string) {
				if service == "" || hasWildcard(service) || slices.Contains(own, service) {
					return
				}
				if _, known := knowledge.ServiceOf(service); known {
					text, _ := x.text()
					r.at(x.at(), text, typeNames[r.options.ResourceType])
				}
			})
		}},
}

// ownServices are the action prefixes that the policy of a resource can be about.
var ownServices = map[string][]string{
	Bucket: {"s3"}, AccessPoint: {"s3"}, MultiRegionAccessPoint: {"s3"},
	ObjectLambdaPoint: {"s3-object-lambda"}, Table: {"dynamodb"}, Trust: {"sts"},
}

var serviceNames = sync.OnceValue(knowledge.Services)

// eachAction visits every action that is known, split at its colon, in lower case.
func (r *run) eachAction(f func(s *statement, x entry, service, name string)) {
	r.eachStatement(func(s *statement) {
		for _, e := range []*element{&s.action, &s.notAction} {
			for _, x := range e.entries() {
				if text, known := x.lower(); known {
					service, name, colon := strings.Cut(text, ":")
					if !colon {
						service, name = "", text
					}
					f(s, x, service, name)
				}
			}
		}
	})
}

// didYouMean names the action that was probably meant.
func didYouMean(service, name string) string {
	a, ok := authorized()[service+":"+name]
	if !ok {
		return ""
	}
	hint := " Did you mean " + a.action + "? The API called " + a.operation + " authorizes against the IAM action " + a.action
	if name != "listbuckets" { // as recorded answers have it
		hint += "."
	}
	return hint
}

// authorizedBy are operations of APIs that are authorized by an action with
// another name.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var authorizedBy = map[string]string{
	"s3:ListBuckets":              "s3:ListAllMyBuckets",
	"s3:ListObjects":              "s3:ListBucket",
	"s3:ListObjectsV2":            "s3:ListBucket",
	"s3:ListObjectVersions":       "s3:ListBucketVersions",
	"s3:HeadObject":               "s3:GetObject",
	"s3:HeadBucket":               "s3:ListBucket",
	"s3:CopyObject":               "s3:PutObject",
	"s3:DeleteObjects":            "s3:DeleteObject",
	"s3:CreateMultipartUpload":    "s3:PutObject",
	"s3:UploadPart":               "s3:PutObject",
	"s3:CompleteMultipartUpload":  "s3:PutObject",
	"s3:ListMultipartUploads":     "s3:ListBucketMultipartUploads",
	"s3:ListParts":                "s3:ListMultipartUploadParts",
	"s3:SelectObjectContent":      "s3:GetObject",
	"s3:GetBucketEncryption":      "s3:GetEncryptionConfiguration",
	"s3:PutBucketEncryption":      "s3:PutEncryptionConfiguration",
	"s3:DeleteBucketEncryption":   "s3:PutEncryptionConfiguration",
	"s3:GetBucketLifecycle":       "s3:GetLifecycleConfiguration",
	"s3:PutBucketLifecycle":       "s3:PutLifecycleConfiguration",
	"s3:GetBucketReplication":     "s3:GetReplicationConfiguration",
	"s3:PutBucketReplication":     "s3:PutReplicationConfiguration",
	"lambda:Invoke":               "lambda:InvokeFunction",
	"dynamodb:TransactGetItems":   "dynamodb:GetItem",
	"dynamodb:TransactWriteItems": "dynamodb:PutItem",
}

// authorization is an operation, without its service, and the action that it takes.
type authorization struct{ operation, action string }

// authorized is authorizedBy by names in lower case.
var authorized = sync.OnceValue(func() map[string]authorization {
	m := map[string]authorization{}
	for name, action := range authorizedBy {
		_, operation, _ := strings.Cut(name, ":")
		m[strings.ToLower(name)] = authorization{operation, action}
	}
	return m
})

// isKnown reports whether an element is there and all its entries are known strings.
func (e *element) isKnown() bool {
	if !e.present() {
		return false
	}
	for _, x := range e.entries() {
		if _, known := x.text(); !known || x.value.Kind != value.String {
			return false
		}
	}
	return true
}
