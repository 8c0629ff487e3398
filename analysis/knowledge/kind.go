package knowledge

import (
	"slices"
	"strings"
	"sync"
)

// Kind is a type of resource that a policy, or a list of principals, can be
// attached to.
type Kind struct {
	Type  string   // Access Analyzer's name, or else CloudFormation's: "AWS::S3::Bucket"
	Names []string // other names: of CloudFormation and Terraform, of the resource and of what carries its policy

	Services []string // action prefixes that its policy can be asked about, in lower case
	Shapes   []Shape  // what requests name: first the resource itself
	// Grants, when not nil, are the only actions that are access: a trust
	// policy that allows just sts:TagSession lets nobody in.
	Grants []string
	// Along are the actions that Access Analyzer shows besides if the same
	// statements allow them.
	Along []string
	// CrossAccount, when not nil, are the actions, in lower case and without
	// prefix, that AWS documents as usable from another account.
	CrossAccount []string
	// Unlisted are actions that the service tables lack and that findings of
	// Access Analyzer show all the same.
	Unlisted []Action
	// Granted are actions, in lower case and without prefix, that the service
	// tables list without a resource type and that the service's own pages put into
	// this policy. They are asked of the resource itself.
	Granted []string
	// Parties are services whose ARNs can stand on its list, for their account.
	Parties []string
	// Level, when not "", is the access level of every action: whoever may
	// copy a snapshot reads it, although making the copy writes.
	Level string

	// WholeService: the policy is about all that the service does, actions that
	// have no resource included.
	WholeService bool

	AccessAnalyzer bool // gets findings of external access from Access Analyzer
	CheckPublic    bool // accepted by Access Analyzer's CheckNoPublicAccess
	Unsigned       bool // answers calls that nobody signed, if its policy lets anyone in
	// UnsignedOpen, when not "", names the service of which AWS's pages disagree
	// whether it answers calls that nobody signed.
	UnsignedOpen   string
	MadeToBeCalled bool // an endpoint for the public by purpose
	LimitsOnly     bool // its policy gives no outside principal anything, it limits or needs another
	Note           string
	Doc            string // AWS's page
}

// Shape is the form of the ARNs of one resource type of the service tables.
type Shape struct {
	ResourceType string
	// Pattern is a glob. "{arn}" at its start stands for the ARN of the
	// resource itself, "{prefix}" for that ARN up to and with the fifth colon.
	Pattern string
}

// KindAction is an action that a kind's policy can allow.
type KindAction struct {
	Full         string // "s3:GetObject"
	Lower        string // the same in lower case
	Level        string
	CrossAccount bool
	// Shapes are indexes of the kind's shapes that a request for the action
	// can name. None: the action has no resource, only "*" matches it.
	Shapes []int
}

// KindOf returns the kind of a name, in any letter case.
func KindOf(name string) (*Kind, bool) {
	for i := range Kinds {
		k := &Kinds[i]
		if strings.EqualFold(k.Type, name) {
			return k, true
		}
		for _, n := range k.Names {
			if strings.EqualFold(n, name) {
				return k, true
			}
		}
	}
	return nil, false
}

// Resource returns the pattern of shape i for the resource with an ARN, or for
// any resource of the kind if arn is "".
func (k *Kind) Resource(i int, arn string) string {
	if arn == "" {
		arn = k.Shapes[0].Pattern
	}
	p := k.Shapes[i].Pattern
	if i == 0 {
		return arn
	}
	if rest, ok := strings.CutPrefix(p, "{arn}"); ok {
		return arn + rest
	}
	if rest, ok := strings.CutPrefix(p, "{prefix}"); ok {
		return upToFifthColon(arn) + rest
	}
	return p
}

func upToFifthColon(arn string) string {
	end := 0
	for range 5 {
		i := strings.IndexByte(arn[end:], ':')
		if i < 0 {
			return "arn:*:*:*:*:" // not an ARN: any
		}
		end += i + 1
	}
	return arn[:end]
}

var kindActions sync.Map // *Kind to func() []KindAction

// Actions returns the actions that the kind's policy can allow, sorted. They
// are shared: do not change them.
func (k *Kind) Actions() []KindAction {
	get, ok := kindActions.Load(k)
	if !ok {
		get, _ = kindActions.LoadOrStore(k, sync.OnceValue(k.actions))
	}
	return get.(func() []KindAction)()
}

func (k *Kind) actions() []KindAction {
	var all []KindAction
	for _, prefix := range k.Services {
		s, ok := ServiceOf(prefix)
		if !ok {
			continue
		}
		for _, a := range slices.Concat(s.Actions, k.Unlisted) {
			full := prefix + ":" + a.Name
			shapes := k.shapesOf(a)
			lower := strings.ToLower(a.Name)
			if len(a.Resources) == 0 && (k.WholeService || slices.Contains(k.Granted, lower)) {
				shapes = []int{0}
			}
			if k.Grants != nil && !slices.Contains(k.Grants, full) || k.Grants == nil && shapes == nil {
				continue
			}
			action := KindAction{
				Full:         full,
				Lower:        prefix + ":" + lower,
				Level:        a.Level,
				CrossAccount: k.CrossAccount == nil || slices.Contains(k.CrossAccount, lower),
				Shapes:       shapes,
			}
			if k.Level != "" {
				action.Level = k.Level
			}
			all = append(all, action)
		}
	}
	slices.SortFunc(all, func(a, b KindAction) int { return strings.Compare(a.Full, b.Full) })
	return all
}

// Typeless returns the actions of the kind's services that the tables list
// without a resource type, and of which no page says whether the kind's policy
// can allow them. There are none where AWS lists what such a policy can allow, and
// none on S3's resources: S3 refuses a policy with an action that applies to
// nothing in it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshooting-bucket-policies.html
func (k *Kind) Typeless() []KindAction {
	if k.Grants != nil || k.CrossAccount != nil || k.WholeService {
		return nil
	}
	var out []KindAction
	for _, prefix := range k.Services {
		s, ok := ServiceOf(prefix)
		if !ok || strings.HasPrefix(prefix, "s3") {
			continue
		}
		for _, a := range s.Actions {
			if lower := strings.ToLower(a.Name); len(a.Resources) == 0 && !slices.Contains(k.Granted, lower) {
				out = append(out, KindAction{Full: prefix + ":" + a.Name, Lower: prefix + ":" + lower, Level: a.Level, CrossAccount: true, Shapes: []int{0}})
			}
		}
	}
	return out
}

func (k *Kind) shapesOf(a Action) []int {
	var shapes []int
	for i, s := range k.Shapes {
		if slices.Contains(a.Resources, s.ResourceType) {
			shapes = append(shapes, i)
		}
	}
	return shapes
}
