package config

import (
	"fmt"
	"regexp"
	"sync"
)

// Shapes of identifiers. Only that of an account id is certain, so only it is
// demanded; the others are what AWS makes today.
//
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
var (
	organizationID = shape(`o-[a-z0-9]{10,32}`)
	orgPath        = shape(`o-[a-z0-9]{10,32}(/r-[0-9a-z]{4,32}(/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})*)?`)
	ouPath         = shape(`r-[0-9a-z]{4,32}(/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})*`)
	ownVPC         = shape(`vpc-([0-9a-f]{8}|[0-9a-f]{17})|` + inCode)
	ownVPCEndpoint = shape(`vpce-([0-9a-f]{8}|[0-9a-f]{17})|` + inCode)
	canonicalID    = shape(`[0-9a-f]{64}`)
	samlProvider   = shape(`arn:[^:]+:iam::[0-9]{12}:saml-provider/[\w.-]{1,128}`)
	principalARN   = shape(`arn:[^:]*:(iam|sts|\*)::([0-9*?]+):[^:]+(/.*)?`)
	regionName     = shape(`[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}`)
	partitionName  = shape(`aws(-[a-z]+)*`)
)

// inCode is the id of something that the analysed code declares: as Terraform refers to
// it, with the modules that it is in, or the logical id of a template.
const inCode = `(module\.[\w\["\]-]+\.)*aws_\w+\.[\w\["\]-]+\.id|[A-Za-z][A-Za-z0-9]*`

// shape compiles an expression when it is first needed: most runs need none.
func shape(expression string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A(?:` + expression + `)\z`) })
	return func(s string) bool { return compiled().MatchString(s) }
}

// AccountID returns an error unless s has the form of an account id.
func AccountID(s string) error {
	digits := 0
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case digits == 12 && len(s) == 12:
		return nil
	case digits == len(s) && digits > 0:
		return fmt.Errorf("account id %q has %d digits instead of 12", s, digits)
	}
	return fmt.Errorf("%q is not an account id: 12 digits expected", s)
}

// unusual returns what to say about an identifier without the usual shape, ""
// if it has it.
func unusual(kind, s, form string, ok func(string) bool) string {
	if ok(s) {
		return ""
	}
	return fmt.Sprintf("%s %q does not look like one (%s)", kind, s, form)
}
