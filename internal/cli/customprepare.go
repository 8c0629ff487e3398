package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/iaclint/iaclint/analysis/access"
	"github.com/iaclint/iaclint/analysis/arn"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
)

func prepareNoNewAccess(p *program, f *customFlags) (checkPolicies, error) {
	if f.set.Changed("reference") && f.set.Changed("existing-policy-document") {
		return nil, errors.New("--reference and --existing-policy-document are the same; give one of them")
	}
	if f.existing == "" {
		return nil, errors.New("check-no-new-access needs --existing-policy-document, or --reference and the paths of code")
	}
	existing, _, err := p.policyGiven(f.existing)
	if err != nil {
		return nil, err
	}
	return func(t access.Terms, _ string) access.Verdict {
		return access.NoNewAccess(t, access.Terms{Policies: []*policy.Document{existing}, Identity: t.Identity})
	}, nil
}

// accessAsked is an element of AWS's parameter access.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Access.html
type accessAsked struct {
	Actions   []string `json:"actions"`
	Resources []string `json:"resources"`
}

// mostAsked is how many actions, and how many resources, AWS takes.
const mostAsked = 100

func prepareAccessNotGranted(p *program, f *customFlags) (checkPolicies, error) {
	if len(f.access) != 1 {
		return nil, errors.New("check-access-not-granted needs one --access, such as actions=s3:PutObject,resources=arn:aws:s3:::b/*")
	}
	asked, err := p.readAccess(f.access[0])
	if err != nil {
		return nil, err
	}
	if err := asked.check(); err != nil {
		return nil, err
	}
	return func(t access.Terms, _ string) access.Verdict {
		return access.AccessNotGranted(t, asked.Actions, asked.Resources)
	}, nil
}

func (a accessAsked) check() error {
	if len(a.Actions)+len(a.Resources) == 0 {
		return errors.New("--access lists neither actions nor resources")
	}
	if len(a.Actions) > mostAsked || len(a.Resources) > mostAsked {
		return fmt.Errorf("--access lists more than %d actions or resources", mostAsked)
	}
	for _, x := range a.Actions {
		if service, name, ok := strings.Cut(x, ":"); x != "*" && (!ok || service == "" || name == "" || strings.ContainsAny(x, " \t")) {
			return fmt.Errorf("--access: %q is not an action; service:Name is expected", x)
		}
	}
	for _, x := range a.Resources {
		if name, ok := arn.Parse(x); x != "*" && (!ok || name.Resource == "") {
			return fmt.Errorf("--access: invalid ARN %q; arn:partition:service:region:account:resource is expected", x)
		}
	}
	return nil
}

// readAccess reads the value of --access: JSON, AWS's shorthand, or a file with JSON.
func (p *program) readAccess(text string) (accessAsked, error) {
	if strings.HasPrefix(text, "file://") {
		file, err := p.document("", text)
		if err != nil {
			return accessAsked{}, unreadable{err}
		}
		text = string(file.Content)
	}
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return shorthand(text)
	}
	var list []accessAsked
	var err error
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if strings.HasPrefix(text, "{") {
		list = make([]accessAsked, 1)
		err = d.Decode(&list[0])
	} else {
		err = d.Decode(&list)
	}
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more follows the end")
		}
	}
	switch {
	case err != nil:
		return accessAsked{}, fmt.Errorf("--access: %w; [{\"actions\": [...], \"resources\": [...]}] is expected", err)
	case len(list) != 1:
		return accessAsked{}, errors.New("--access takes a list of exactly one object")
	}
	return list[0], nil
}

// shorthand reads actions=A,B,resources=C as the AWS command line does.
func shorthand(text string) (accessAsked, error) {
	var out accessAsked
	var to *[]string
	for _, item := range strings.Split(text, ",") {
		item = strings.TrimSpace(item)
		switch name, first, ok := strings.Cut(item, "="); {
		case ok && name == "actions":
			to, item = &out.Actions, first
		case ok && name == "resources":
			to, item = &out.Resources, first
		}
		if to == nil {
			return out, fmt.Errorf("--access %q: actions=… or resources=… is expected", text)
		}
		if item = strings.Trim(item, `[]"' `); item != "" {
			*to = append(*to, item)
		}
	}
	return out, nil
}

func prepareNoPublicAccess(p *program, f *customFlags) (checkPolicies, error) {
	k, ok := knowledge.KindOf(f.resourceType)
	switch {
	case f.document != "" && f.resourceType == "":
		return nil, errors.New("check-no-public-access needs --resource-type, such as AWS::S3::Bucket")
	case f.resourceType != "" && (!ok || !k.CheckPublic):
		return nil, fmt.Errorf("--resource-type %q is none of those that AWS checks: %s", f.resourceType, strings.Join(publicTypes(), ", "))
	case f.policyType == "IDENTITY_POLICY" || f.boundary != "":
		return nil, errors.New("check-no-public-access is about policies of resources")
	}
	return func(t access.Terms, resourceType string) access.Verdict {
		return access.NoPublicAccess(t, resourceType)
	}, nil
}

// publicTypes are the types that AWS's check takes.
func publicTypes() []string {
	var out []string
	for _, k := range knowledge.Kinds {
		if k.CheckPublic {
			out = append(out, k.Type)
		}
	}
	return out
}

// sameType reports whether two names are of one type of resource.
func sameType(a, b string) bool {
	x, known := knowledge.KindOf(a)
	y, also := knowledge.KindOf(b)
	return known && also && x == y
}

// underBoundary puts identity policies under a permissions boundary.
func (p *program) underBoundary(f *customFlags, check checkPolicies) (checkPolicies, error) {
	boundary, _, err := p.policyGiven(f.boundary)
	if err != nil {
		return nil, err
	}
	if f.policyType == "RESOURCE_POLICY" {
		return nil, errors.New("--permissions-boundary limits identity policies only")
	}
	return func(t access.Terms, resourceType string) access.Verdict {
		if t.Identity {
			t.Boundary = boundary
		}
		return check(t, resourceType)
	}, nil
}
