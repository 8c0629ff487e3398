package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/internal/workspace"
)

func newUnusedFlags() *flags {
	f := newFlags()
	f.command = []string{"unused"}
	f.filter.Only = []string{"unused-*"}
	f.evidenceFlags()
	return f
}

// evidenceFlags adds the flags that say what the evidence is and how it is judged.
func (f *flags) evidenceFlags() {
	s := f.set
	e := &f.evidence
	s.StringArrayVar(&e.Paths, "evidence", nil, "`PATH` of a file or directory with evidence of use (repeatable)")
	s.Var((*ageFlag)(&e.Age), "age", "`DAYS` such as 90d: what was not used for that long is unused (default 90d)")
	s.StringVar(&e.Now, "now", "", "`DATE` from which the age counts (default: the latest of the evidence)")
	s.StringSliceVar(&e.ExcludeAccounts, "exclude-account", nil, "do not judge roles and users of the account with this `ID` (repeatable)")
	s.StringArrayVar(&e.ExcludeTags, "exclude-tag", nil, "do not judge roles and users with this tag; `KEY[=VALUE]` (repeatable)")
}

// evidenceIsGood says what is wrong with these flags; "" for nothing.
func (f *flags) evidenceIsGood() string {
	if f.evidence.Now != "" {
		if _, err := workspace.Moment(f.evidence.Now); err != nil {
			return fmt.Sprintf("--now %q is not a date; 2027-01-31 or 2027-01-31T00:00:00Z is expected", f.evidence.Now)
		}
	}
	for _, id := range f.evidence.ExcludeAccounts {
		if err := config.AccountID(id); err != nil {
			return fmt.Sprintf("--exclude-account: %s", err)
		}
	}
	return ""
}

func unusedFlags() *pflag.FlagSet { return newUnusedFlags().set }

func aboutUnused() string {
	return "Says which roles, permissions, access keys and passwords nobody has used, as exports of the\naccount show it: last-accessed details, roles, the credential report, findings of unused\naccess, events of CloudTrail. The findings are of the rules unused-*, which are low: --fail-on\nlow makes them exit status 1. The flags and formats are those of check.\n"
}

// ageFlag is a number of days.
type ageFlag int

func (a *ageFlag) Set(text string) error {
	number, ok := strings.CutSuffix(text, "d")
	n, err := strconv.ParseUint(number, 10, 16)
	if !ok || err != nil || n == 0 {
		return fmt.Errorf("a number of days such as 90d is expected")
	}
	*a = ageFlag(n)
	return nil
}

func (*ageFlag) Type() string { return "days" }

func (a *ageFlag) String() string {
	if *a == 0 {
		return ""
	}
	return fmt.Sprintf("%dd", int(*a))
}

// unused reports what nobody has used.
func (p *program) unused(args []string) error {
	f := newUnusedFlags()
	c, err := p.prepare(f, args)
	if err != nil {
		return err
	}
	for _, name := range []string{"show-files", "suggest", "from-hook"} {
		if f.set.Changed(name) {
			return usageError("--%s is not for unused", name)
		}
	}
	if wrong := f.evidenceIsGood(); wrong != "" {
		return usageError("%s", wrong)
	}
	some := len(f.evidence.Paths) > 0
	for i := range c.in.Files {
		some = some || c.finder.Of(&c.in.Files[i]).Unused != nil
	}
	if !some {
		return usageError("unused takes evidence: --evidence PATH, or an evidence block of the configuration")
	}
	return c.check()
}
