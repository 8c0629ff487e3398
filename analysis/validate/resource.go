package validate

import (
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/value"
)

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
var resourceChecks = []Check{
	{Code: "INVALID_ARN_PREFIX", Type: Error, Basis: Grammar, Details: "Add the required prefix (arn) to the resource ARN.", run: func(r *run) {
		r.eachResource(func(s *statement, x entry, a *arn) {
			if prefix, known := a.glob(arnPrefix); known && !overlaps(prefix, "arn") {
				r.at(x.at())
			}
		})
	}},
	{Code: "MISSING_ARN_FIELD", Type: Error, Basis: Grammar, Details: "Resource ARNs must include at least %d fields in the following structure: arn:partition:service:region:account:resource", run: func(r *run) {
		r.eachResource(func(s *statement, x entry, a *arn) {
			if prefix, known := a.glob(arnPrefix); known && !a.open && overlaps(prefix, "arn") && a.count < 6 && !strings.HasSuffix(a.parts[a.count-1], "*") {
				r.at(x.at(), 6)
			}
		})
	}},
	{Code: "INVALID_PARTITION", Type: Error, Basis: Partial, Details: "The resource ARN for the service %s does not support the partition %s. Use the supported values: %s", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if p, known := a.literal(arnPartition); known && !slices.Contains(knowledge.Partitions, p) {
				r.at(x.at(), a.parts[arnService], p, "["+strings.Join(knowledge.Partitions, ", ")+"]")
			}
		})
	}},
	{Code: "INVALID_ARN_SERVICE_CASE", Type: Error, Basis: Grammar, Details: "Update the service name %s in the resource ARN to use all lowercase letters.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if service, known := a.literal(arnService); known && service != strings.ToLower(service) {
				r.at(x.at(), service)
			}
		})
	}},
	{Code: "INVALID_SERVICE", Type: Error, Basis: Tables, Details: "The service %s does not exist. Use a valid service name.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if service, known := a.literal(arnService); known && service == strings.ToLower(service) && len(shapesOf(service)) == 0 && !isService(service) {
				r.at(x.at(), service)
			}
		})
		r.eachCondition(func(s *statement, c *condition) {
			if service, ok := c.service(); ok && service != "aws" && !isKeyPrefix(service) {
				r.at(c.key(), service)
			}
		})
	}},
	{Code: "INVALID_ARN_REGION", Type: Error, Basis: Partial, Details: "The Region %s is not valid for this resource. Update the resource ARN to include a supported Region.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			region, known := a.literal(arnRegion)
			if known && region != "" && !knowledge.IsRegion(region) && !a.anyShape(func(t *arn) bool { return t.parts[arnRegion] == region }) {
				r.at(x.at(), region)
			}
		})
	}},
	{Code: "INVALID_ARN_ACCOUNT", Type: Error, Basis: Grammar, Details: "The resource ARN account ID %s is not valid. Provide a 12-digit account ID.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			account, known := a.literal(arnAccount)
			if known && account != "" && !isAccount(account) && account != "aws" && !a.anyShape(func(t *arn) bool { return t.parts[arnAccount] == account }) {
				r.at(x.at(), account)
			}
		})
	}},
	{Code: "ARN_REGION_NOT_ALLOWED", Type: Error, Basis: Tables, Details: "The service %s does not support specifying a Region in the resource ARN.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if region, known := a.literal(arnRegion); known && region != "" && a.allShapes(func(t *arn) bool { return t.parts[arnRegion] == "" }) {
				r.at(x.at(), a.parts[arnService])
			}
		})
	}},
	{Code: "ARN_ACCOUNT_NOT_ALLOWED", Type: Error, Basis: Tables, Details: "The service %s does not support specifying an account ID in the resource ARN.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if account, known := a.literal(arnAccount); known && account != "" && a.allShapes(func(t *arn) bool { return t.parts[arnAccount] == "" }) {
				r.at(x.at(), a.parts[arnService])
			}
		})
	}},
	{Code: "MISSING_ARN_REGION", Type: Error, Basis: Tables, Details: "Add a Region to the %s resource ARN.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if a.known[arnRegion] && a.parts[arnRegion] == "" && a.allShapes(func(t *arn) bool { return t.parts[arnRegion] != "" }) {
				r.at(x.at(), a.parts[arnService])
			}
		})
	}},
	{Code: "MISSING_ARN_ACCOUNT", Type: Error, Basis: Tables, Details: "The resource %s in the arn is missing an account id. Please provide a 12 digit account id.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			if a.known[arnAccount] && a.parts[arnAccount] == "" && a.known[arnResource] && !isOwnedByAWS(a.parts[arnService], a.parts[arnResource]) && a.allShapes(func(t *arn) bool { return t.parts[arnAccount] != "" }) {
				r.at(x.at(), a.parts[arnResource])
			}
		})
	}},
	{Code: "INVALID_ARN_RESOURCE", Type: Error, Basis: Tables, Details: "Resource ARN does not match the expected ARN format. Update the resource portion of the ARN.", run: func(r *run) {
		r.eachARN(func(s *statement, x entry, a *arn) {
			service, known := a.literal(arnService)
			resource, whole := a.glob(arnResource)
			if shapes := shapesOf(service); known && whole && resource != "" && len(shapes) > 0 && !hasWildcard(resource) && len(matching(shapes, resource)) == 0 && len(matching(shapes, resource+"/x")) == 0 {
				r.at(x.at())
			}
		})
	}},
	{Code: "UNSUPPORTED_RESOURCE_ARN_IN_POLICY", Type: Error, Basis: Tables, On: []string{Bucket, AccessPoint, MultiRegionAccessPoint, ObjectLambdaPoint, Table},
		Details: "The resource ARN is not supported for the resource-based policy attached to resource type %s.", run: func(r *run) {
			shape := ownARNs[r.options.ResourceType]
			r.eachARN(func(s *statement, x entry, a *arn) {
				service, known := a.glob(arnService)
				resource, whole := a.glob(arnResource)
				if known && !overlaps(service, shape.service) || whole && !slices.ContainsFunc(shape.resources, func(g string) bool { return overlaps(g, resource) }) ||
					whole && shape.foreign != "" && covers(shape.foreign, resource) {
					r.at(x.at(), typeNames[r.options.ResourceType])
				}
			})
		}},
}

// typeNames are what findings call types of resources: a published answer says S3
// Bucket.
//
// https://github.com/awslabs/terraform-iam-policy-validator/blob/main/iam_check/doc/example_report_3.md
var typeNames = map[string]string{
	Bucket: "S3 Bucket", AccessPoint: "S3 Access Point", MultiRegionAccessPoint: "S3 Multi-Region Access Point",
	ObjectLambdaPoint: "S3 Object Lambda Access Point", Trust: "IAM Assume Role Policy Document", Table: "DynamoDB Table",
}

// ownARNs are the ARNs that the policy of a resource can name.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var ownARNs = map[string]struct {
	service   string
	resources []string
	foreign   string // what resources match and cannot be named
}{
	Bucket:                 {"s3", []string{"*"}, "accesspoint/*"},
	AccessPoint:            {"s3", []string{"accesspoint/*"}, ""},
	MultiRegionAccessPoint: {"s3", []string{"accesspoint/*"}, ""},
	ObjectLambdaPoint:      {"s3-object-lambda", []string{"accesspoint/*"}, ""},
	Table:                  {"dynamodb", []string{"table/*"}, ""},
}

// eachResource visits every resource but "*" and unknown values, taken apart: an
// empty text is one that lacks everything.
func (r *run) eachResource(f func(*statement, entry, *arn)) {
	r.eachStatement(func(s *statement) {
		for _, e := range []*element{&s.resource, &s.notResource} {
			for _, x := range e.entries() {
				if x.value.Kind != value.String {
					continue
				}
				if text, known := x.text(); known && text == "*" {
					continue
				}
				if r.options.Short != "" && strings.HasPrefix(x.value.Text.String(), r.options.Short) {
					continue
				}
				a := arnOf(x.value.Text)
				f(s, x, &a)
			}
		}
	})
}

// eachARN visits every resource that has the parts of an ARN.
func (r *run) eachARN(f func(*statement, entry, *arn)) {
	r.eachResource(func(s *statement, x entry, a *arn) {
		if prefix, known := a.literal(arnPrefix); known && prefix == "arn" && (a.count == 6 || a.open) {
			f(s, x, a)
		}
	})
}

// shapes are the ARNs of the resources of a service that was asked about.
var shapes sync.Map // service part to []arn

// shapesOf returns the ARNs of a service's resources, with stars for what is to
// be filled in.
func shapesOf(service string) []arn {
	if list, ok := shapes.Load(service); ok {
		return list.([]arn)
	}
	texts := knowledge.ARNsOf(service)
	if texts == nil {
		return nil // not remembered: names come from hostile input
	}
	list := make([]arn, len(texts))
	for i, text := range texts {
		list[i] = arnOf(value.Lit(text))
		for k := range list[i].parts {
			list[i].parts[k] = withoutVariables(list[i].parts[k])
		}
	}
	shapes.Store(service, list)
	return list
}

// matching returns the shapes whose resource a glob may name.
func matching(shapes []arn, resource string) []arn {
	var out []arn
	for _, t := range shapes {
		if overlaps(t.parts[arnResource], resource) {
			out = append(out, t)
		}
	}
	return out
}

// candidates are the shapes that the ARN may be of.
func (a *arn) candidates() []arn {
	service, known := a.literal(arnService)
	resource, whole := a.glob(arnResource)
	if !known || !whole {
		return nil
	}
	return matching(shapesOf(service), resource)
}

// allShapes reports whether the ARN may be of some shape, and all of them have a
// property.
func (a *arn) allShapes(has func(*arn) bool) bool {
	list := a.candidates()
	return len(list) > 0 && !slices.ContainsFunc(list, func(t arn) bool { return !has(&t) })
}

func (a *arn) anyShape(has func(*arn) bool) bool {
	return slices.ContainsFunc(a.candidates(), func(t arn) bool { return has(&t) })
}

// isOwnedByAWS reports whether a resource may be one that AWS owns: ARNs of such
// resources have no account. They have a name that AWS keeps for its own, and
// where services come with resources for everyone a pattern may match these.
//
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
func isOwnedByAWS(service, resource string) bool {
	kind, name, _ := strings.Cut(resource, "/")
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "aws") || strings.HasPrefix(name, "amazon") {
		return true
	}
	return slices.Contains(sharedKinds[service], kind) && (overlaps(name, "aws*") || overlaps(name, "amazon*"))
}

// sharedKinds are the kinds of resources of which AWS has some in every account.
var sharedKinds = map[string][]string{"ssm": {"document", "automation-definition", "parameter"}}

func isService(name string) bool {
	_, ok := knowledge.ServiceOf(name)
	return ok || knowledge.IsRetired(strings.ToLower(name))
}

func isAccount(s string) bool {
	return len(s) == 12 && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}
