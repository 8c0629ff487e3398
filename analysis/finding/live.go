package finding

// Live is a finding of external access that a deployed analyzer made, as it was
// exported.
type Live struct {
	IDs          []string // several for findings that differ in nothing else, such as those of two Regions
	Status       Status
	Resource     string // ARN
	ResourceType string // as Access Analyzer spells it; "" when it is not said
	Account      string // that owns the resource
	Updated      string // as the export spells it
	// Detailed is set when who gets in is said; a summary names the resource only.
	Detailed  bool
	Principal map[string]string
	Condition map[string]string
	Action    []string
	IsPublic  *bool // nil when it is not said
	// Whole is set for a finding that stands for all findings of its resource.
	Whole    bool
	Location *Location // in the export
}

// PairKind says on which side a finding is.
type PairKind string

const (
	Both     PairKind = "both"
	OnlyLive PairKind = "only-live"
	OnlyCode PairKind = "only-in-code"
)

// Pair is a live finding, a finding of the code, or both of one access.
type Pair struct {
	Kind    PairKind
	Live    *Live
	Code    *Finding
	Differs []FieldDifference
	Notes   []string
}

// FieldDifference is a field that differs between the two findings of a pair.
type FieldDifference struct {
	Field string `json:"field"`
	Live  string `json:"live"`
	Code  string `json:"code"`
}

// Reconciliation joins the findings of an account with those of its code.
type Reconciliation struct {
	Tool        Tool
	Zones       []Zone
	Pairs       []Pair
	Diagnostics []Diagnostic
	Assumptions []string
	LeftOut     map[string]int // live findings that are not joined, by reason
}

// Count returns how many pairs are of a kind.
func (r Reconciliation) Count(kind PairKind) int {
	n := 0
	for _, p := range r.Pairs {
		if p.Kind == kind {
			n++
		}
	}
	return n
}

// Differing returns how many pairs differ in a field.
func (r Reconciliation) Differing() int {
	n := 0
	for _, p := range r.Pairs {
		if len(p.Differs) > 0 {
			n++
		}
	}
	return n
}
