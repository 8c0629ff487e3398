package access

import (
	"bufio"
	"fmt"
	"io"
	"math/big"
	"math/rand"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/domain"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/zone"
)

// The oracle is cvc5: policies are written as constraints over strings and
// numbers, straight from the documentation and without the engine's cells, and
// the solver says whether one policy allows something that another does not, and
// whether anyone outside the zone is allowed. IACLINT_ORACLE_PAIRS says how many
// pairs of policies are compared.
func TestOracleAgrees(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("cvc5")
	if err != nil {
		t.Skip("cvc5 is not installed: the engine is not compared with it")
	}
	o := startOracle(t, path)
	r := rand.New(rand.NewSource(int64(setting("IACLINT_SEED", 31))))
	pairs := draws("IACLINT_ORACLE_PAIRS", 20)
	var n, sat, unsat, unknown, loose, wrong int
	for n < pairs {
		texts := [2]string{genPolicy(r), genPolicy(r)}
		if r.Intn(2) == 0 {
			texts[1] = mutate(r, texts[0])
		}
		p, q := parse(texts[0]), parse(texts[1])
		z := zones[r.Intn(3)]
		s := solve(question{subject: bucketB(), zone: z, documents: []*policy.Document{p, q}, gates: [][]int{{0}}}, exactly)
		if s.isOpen() || plainOnSet(p) || plainOnSet(q) {
			continue // the solver has one reading only
		}
		n++
		some := s.someActions()
		// Every second pair is about the requests that exist for certain.
		most, sent := n%2 == 0, "true"
		if !most {
			sent = sentKeys
		}
		a, b := s.space.Intersect(s.alone(0, most), some), s.space.Intersect(s.alone(1, most), some)
		external := s.space.Intersect(a, s.external)
		w := &writer{document: p}
		fp := w.policy(p)
		w.document = q
		fq := w.policy(q)
		in := inside(z)
		for _, query := range []struct {
			name    string
			formula string
			engine  bool
		}{
			{"allows more", "(and " + fp + " (not " + fq + "))", !s.space.Includes(b, a)},
			{"allows less", "(and " + fq + " (not " + fp + "))", !s.space.Includes(a, b)},
			{"external", "(and " + fp + " (not " + in + ") (not (= kind 5)))", external != domain.None},
		} {
			answer := o.ask("(and " + members(z) + " " + sent + " " + query.formula + ")")
			switch {
			case answer == "unknown":
				unknown++
			case (answer == "sat") != query.engine:
				if len(s.relations) > 0 && query.engine {
					loose++ // variables that relate two infinite cells: at most
					continue
				}
				if wrong++; wrong > 10 {
					t.FailNow()
				}
				t.Errorf("%s: cvc5 says %s, the engine %v\n%s\n%s\n%s", query.name, answer, query.engine, texts[0], texts[1], query.formula)
			case answer == "sat":
				sat++
			default:
				unsat++
			}
		}
	}
	t.Logf("%d pairs: %d questions sat, %d unsat, %d not answered, %d where variables are taken at most", n, sat, unsat, unknown, loose)
	if unknown > 3*n/4 {
		t.Errorf("cvc5 answered too little to compare")
	}
}

// isOpen reports whether some statement has two readings.
func (s *solution) isOpen() bool {
	for _, c := range s.statements {
		if !c.match.exact() {
			return true
		}
	}
	return false
}

// oracleActions stand for all actions of a bucket.
var oracleActions = []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketAcl", "s3:TagResource"}

func (s *solution) someActions() domain.Node {
	cells := domain.NewBits(s.action.size)
	for c, group := range s.action.groups {
		for _, i := range group {
			for _, a := range oracleActions {
				if s.actions[i].Full == a {
					cells.Set(c)
				}
			}
		}
	}
	return s.space.Cells(s.action.level, cells)
}

// mutate changes one word of a policy.
func mutate(r *rand.Rand, text string) string {
	swaps := [][2]string{{"Allow", "Deny"}, {"IfExists", ""}, {"Not", ""}, {"ForAllValues", "ForAnyValue"}, {"444455556666", "777788889999"}, {"vpc-11111111", "vpc-22222222"}, {"/a*", "/*"}, {"Like", "Equals"}, {"203.0.113.0/24", "203.0.113.0/25"}, {"10", "11"}}
	s := swaps[r.Intn(len(swaps))]
	return strings.Replace(text, s[0], s[1], 1)
}

type oracle struct {
	in  io.Writer
	out *bufio.Reader
}

func startOracle(t *testing.T, path string) *oracle {
	cmd := exec.Command(path, "--strings-exp", "--incremental", "--tlimit-per=4000", "-q", "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("cvc5 does not start: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	o := &oracle{in, bufio.NewReader(out)}
	fmt.Fprint(in, "(set-logic ALL)\n", declarations(), "\n")
	return o
}

func (o *oracle) ask(formula string) string {
	fmt.Fprintf(o.in, "(push)(assert %s)(check-sat)(pop)\n", formula)
	for {
		line, err := o.out.ReadString('\n')
		line = strings.TrimSpace(line)
		if err != nil || strings.Contains(line, "error") {
			return "error " + line
		}
		if line == "sat" || line == "unsat" || line == "unknown" {
			return line
		}
	}
}

// sentKeys is the condition that a request has no key but those which the
// documentation lists with its action. One that has others may exist.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
const sentKeys = `(and (=> mk_h (= action "s3:ListBucket")) (=> (or rt_h tk0_h tk1_h tk2_h tk3_h) (= action "s3:TagResource")))`

const setSize = 4 // values of a set-valued key that are told apart

// declarations are the parts of a request and what relates them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func declarations() string {
	var b strings.Builder
	b.WriteString(`
(declare-const kind Int) ; 0 anonymous 1 user 2 role 3 root 4 federated user 5 service
(declare-const acct String)(declare-const name String)(declare-const session String)
(declare-const action String)(declare-const key String)
(declare-const sarn_h Bool)(declare-const sacct_h Bool)
(declare-const ssvc String)(declare-const sreg String)(declare-const sacc String)(declare-const srest String)(declare-const sacct String)
(declare-const org_h Bool)(declare-const org String)(declare-const path String)
(declare-const ip_h Bool)(declare-const ip6 Bool)(declare-const ip Int)
(declare-const mk_h Bool)(declare-const mk Real)(declare-const ct Real)(declare-const tls Bool)
(declare-const pt_h Bool)(declare-const pt String)(declare-const rt_h Bool)(declare-const rt String)
(declare-const uid String)(declare-const us String)
(declare-const vpc_h Bool)(declare-const vpc String)(declare-const vpce_h Bool)(declare-const vpce String)
(define-fun nocolon ((s String)) Bool (not (str.contains s ":")))
(define-fun noslash ((s String)) Bool (not (str.contains s "/")))
(define-fun parn_h () Bool (and (>= kind 1) (<= kind 4)))
(define-fun parn () String (ite (= kind 1) (str.++ "arn:aws:iam::" acct ":user/" name) (ite (= kind 2) (str.++ "arn:aws:iam::" acct ":role/" name)
  (ite (= kind 3) (str.++ "arn:aws:iam::" acct ":root") (str.++ "arn:aws:sts::" acct ":federated-user/" name)))))
(define-fun sarn () String (str.++ "arn:aws:" ssvc ":" sreg ":" sacc ":" srest))
(define-fun pacct_h () Bool (<= kind 4))
(define-fun pacct () String (ite (= kind 0) "anonymous" acct))
(define-fun ptype_h () Bool (<= kind 4))
(define-fun ptype () String (ite (= kind 0) "Anonymous" (ite (= kind 1) "User" (ite (= kind 2) "AssumedRole" (ite (= kind 3) "Account" "FederatedUser")))))
(define-fun svc_h () Bool (>= kind 1))
(define-fun svc () String (ite (= kind 5) "true" "false"))
(define-fun tlstext () String (ite tls "true" "false"))
(define-fun orgpath () String (str.++ org "/" path))
(define-fun uid_h () Bool (<= kind 4))
(define-fun uidtext () String (ite (or (= kind 2) (= kind 4)) (str.++ uid ":" us) uid))
(define-fun objectlevel () Bool (or (= action "s3:GetObject") (= action "s3:PutObject")))
(define-fun rest () String (ite objectlevel (str.++ "b/" key) "b"))
(declare-const uname String)(declare-const upath String)
(assert (and (>= kind 0) (<= kind 5)))
(assert (and (nocolon acct) (not (= acct "")) (not (= name "")) (not (= session "")) (not (= key ""))))
(assert (=> (= kind 5) (and (str.contains name ".") (not (str.prefixof "." name)) (not (str.suffixof "." name)))))
(define-fun small () RegLan (re.union (re.range "a" "z") (re.range "0" "9") (str.to_re "-"))) ; of ids that AWS gives
(assert (=> org_h (and (str.in_re org (re.++ (str.to_re "o-") ((_ re.loop 10 32) small))) (str.in_re path (re.* (re.union small (str.to_re "/")))))))
(assert (=> vpc_h (and (str.in_re vpc (re.++ (str.to_re "vpc-") ((_ re.loop 8 17) small))) (str.in_re vpce (re.++ (str.to_re "vpce-") ((_ re.loop 8 17) small))))))
(define-fun isaccount ((s String)) Bool (str.in_re s ((_ re.loop 12 12) (re.range "0" "9"))))
(assert (=> parn_h (isaccount acct)))
(assert (=> sacct_h (isaccount sacct)))
(assert (=> (and sarn_h (not (= sacc ""))) (isaccount sacc)))
(assert (=> (and sarn_h (= ssvc "s3")) (and (=> (noslash srest) (= sacc "")) (=> (= sacc "") (= sreg "")))))
(define-fun letter () RegLan (re.union (re.range "a" "z") (re.range "A" "Z") (re.range "0" "9") (str.to_re "_") (str.to_re "+") (str.to_re "=") (str.to_re ",") (str.to_re ".") (str.to_re "@") (str.to_re "-")))
(define-fun named () RegLan ((_ re.loop 1 64) letter))
(assert (=> (= kind 2) (str.in_re session ((_ re.loop 2 64) letter))))
(assert (=> (= kind 4) (str.in_re name ((_ re.loop 2 32) letter))))
(assert (=> (or (= kind 2) (= kind 4)) (str.in_re us ((_ re.loop 2 64) letter))))
(assert (=> (or (= kind 1) (= kind 2) (= kind 4)) (str.in_re name (re.++ (re.opt (re.++ re.all (str.to_re "/"))) named))))
(assert (noslash uname))
(assert (=> (= kind 1) (or (= name uname) (= name (str.++ upath "/" uname)))))
(assert (or (= action "s3:GetObject") (= action "s3:PutObject") (= action "s3:ListBucket") (= action "s3:GetBucketAcl") (= action "s3:TagResource")))
(assert (and (nocolon ssvc) (nocolon sreg) (nocolon sacc) (not (= srest "")) (nocolon sacct) (not (= sacct ""))))
(assert (=> (and sarn_h sacct_h (not (= sacc ""))) (= sacc sacct)))
(assert (=> org_h (and (noslash org) (not (= org "")) (not (= kind 0)) (not (= kind 5)))))
(assert (=> pt_h (and (not (= kind 0)) (not (= kind 3)) (not (= kind 5)))))
(assert (and (nocolon uid) (not (= uid "")) (= (= uidtext "anonymous") (= kind 0))))
(assert (=> uid_h (and (= (str.prefixof "AIDA" uid) (= kind 1)) (= (str.prefixof "AROA" uid) (= kind 2)))))
(assert (=> (or (= kind 3) (= kind 4)) (= uid acct)))
(assert (=> (= kind 5) (and (not ip_h) (not vpc_h) (not vpce_h))))
(assert (=> (not (= kind 5)) (and (= ip_h (not vpc_h)) (= vpc_h vpce_h))))
(assert (ite ip6 (and (>= ip 0) (< ip 340282366920938463463374607431768211456)) (and (>= ip 0) (< ip 4294967296))))
`)
	for _, p := range unroutable {
		fmt.Fprintf(&b, "(assert (not %s))\n", inBlock(p))
	}
	for i := range setSize {
		fmt.Fprintf(&b, "(declare-const tk%d String)(declare-const tk%d_h Bool)\n", i, i)
	}
	return b.String()
}

// inBlock is the condition that the source address lies in a block.
func inBlock(p netip.Prefix) string {
	first, size := bigOf(p.Masked().Addr()), 128-p.Bits()
	if p.Addr().Is4() {
		size = 32 - p.Bits()
	}
	family := "ip6"
	if p.Addr().Is4() {
		family = "(not ip6)"
	}
	return fmt.Sprintf("(and %s (>= ip %s) (< ip (+ %s %s)))", family, first, first, power2(size))
}

// members are the accounts that are known to be in an organization.
func members(z *zone.Zone) string {
	if z.Organization == "" {
		return "true"
	}
	return fmt.Sprintf("(=> (and parn_h (= acct %q)) (and org_h (= org %q)))", z.Account, z.Organization)
}

// inside is the zone of trust.
func inside(z *zone.Zone) string {
	cases := []string{"false"}
	for _, a := range append([]string{z.Account}, z.Accounts...) {
		cases = append(cases, fmt.Sprintf(`(and parn_h (= acct %q))`, a), fmt.Sprintf(`(and sacct_h (= sacct %q))`, a), fmt.Sprintf(`(and sarn_h (= sacc %q))`, a))
	}
	if z.Type == zone.Organization {
		cases = append(cases, fmt.Sprintf(`(and org_h (= org %q))`, z.Organization), fmt.Sprintf(`(and parn_h (= acct %q))`, z.Account))
	}
	for _, v := range z.VPCs {
		cases = append(cases, fmt.Sprintf(`(and vpc_h (= vpc %q))`, v))
	}
	return "(or " + strings.Join(cases, " ") + ")"
}

// writer writes policies as formulas.
type writer struct{ document *policy.Document }

func (w *writer) policy(d *policy.Document) string {
	allows, denies := []string{"false"}, []string{"false"}
	for _, s := range d.Statements {
		f := w.statement(s)
		if s.Effect == policy.Allow {
			allows = append(allows, f)
		} else {
			denies = append(denies, f)
		}
	}
	return fmt.Sprintf("(and (or %s) (not (or %s)))", strings.Join(allows, " "), strings.Join(denies, " "))
}

func (w *writer) statement(s policy.Statement) string {
	parts := []string{w.list(s.Principal.Not, len(s.Principal.List), func(i int) string { return w.principal(s.Principal.List[i]) }),
		w.list(s.Action.Not, len(s.Action.List), func(i int) string { return w.action(s.Action.List[i].Text.Literal) }),
		w.list(s.Resource.Not, len(s.Resource.List), func(i int) string { return w.resource(s.Resource.List[i].Text.Literal) })}
	for _, c := range s.Condition {
		parts = append(parts, w.condition(c))
	}
	return "(and " + strings.Join(parts, " ") + ")"
}

func (w *writer) list(not bool, n int, f func(int) string) string {
	parts := []string{"false"}
	for i := range n {
		parts = append(parts, f(i))
	}
	all := "(or " + strings.Join(parts, " ") + ")"
	if not {
		return "(not " + all + ")"
	}
	return all
}

func (w *writer) principal(p policy.Principal) string {
	text := p.Text.Literal
	switch {
	case p.Kind == policy.Anyone:
		return "true"
	case p.Kind == policy.Service:
		return fmt.Sprintf("(and (= kind 5) (= name %q))", text)
	case !strings.HasPrefix(text, "arn:"):
		return fmt.Sprintf("(and parn_h (= acct %q))", text)
	}
	f := strings.SplitN(text, ":", 6)
	kind, rest, _ := strings.Cut(f[5], "/")
	switch kind {
	case "root":
		return fmt.Sprintf("(and parn_h (= acct %q))", f[4])
	case "user":
		return fmt.Sprintf("(and (= kind 1) (= acct %q) (= name %q))", f[4], rest)
	case "role":
		return fmt.Sprintf("(and (= kind 2) (= acct %q) (= name %q))", f[4], rest)
	}
	role, session, _ := strings.Cut(rest, "/")
	return fmt.Sprintf("(and (= kind 2) (= acct %q) (= session %q) (or (= name %q) (str.suffixof %q name)))", f[4], session, role, "/"+role)
}

func (w *writer) action(p string) string {
	parts := []string{"false"}
	for _, a := range oracleActions {
		if globMatch(strings.ToLower(p), strings.ToLower(a)) {
			parts = append(parts, fmt.Sprintf("(= action %q)", a))
		}
	}
	return "(or " + strings.Join(parts, " ") + ")"
}

// resource compares the last part of the ARN; the parts before are fixed.
func (w *writer) resource(p string) string {
	if p == "*" {
		return "true"
	}
	last := strings.SplitN(p, ":", 6)[5]
	before, after, ok := strings.Cut(last, "${aws:username}")
	if !ok || !w.document.HasVariables() {
		return fmt.Sprintf("(str.in_re rest %s)", regex(last, false, "re.all"))
	}
	return fmt.Sprintf("(and (= kind 1) (str.prefixof (str.++ %q uname %q) rest))", before, strings.TrimSuffix(after, "*"))
}

// regex writes a glob; any is what '*' stands for.
func regex(p string, fold bool, any string) string {
	parts := []string{`(str.to_re "")`}
	for _, r := range p {
		switch {
		case r == '*':
			parts = append(parts, any)
		case r == '?':
			parts = append(parts, "re.allchar")
		default:
			parts = append(parts, fmt.Sprintf("(str.to_re %q)", string(r)))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(re.++ " + strings.Join(parts, " ") + ")"
}

// views of the keys: presence and text.
var views = map[string][2]string{
	"aws:PrincipalArn": {"parn_h", "parn"}, "aws:SourceArn": {"sarn_h", "sarn"}, "aws:SourceAccount": {"sacct_h", "sacct"},
	"aws:PrincipalAccount": {"pacct_h", "pacct"}, "aws:PrincipalOrgID": {"org_h", "org"}, "aws:PrincipalOrgPaths": {"org_h", "orgpath"},
	"aws:SourceIp": {"ip_h", ""}, "s3:max-keys": {"mk_h", "mk"}, "aws:CurrentTime": {"true", "ct"}, "aws:SecureTransport": {"true", "tlstext"},
	"aws:PrincipalIsAWSService": {"svc_h", "svc"}, "aws:PrincipalTag/team": {"pt_h", "pt"}, "aws:RequestTag/team": {"rt_h", "rt"},
	"aws:username": {"(= kind 1)", "uname"}, "aws:userid": {"uid_h", "uidtext"}, "aws:SourceVpc": {"vpc_h", "vpc"}, "aws:SourceVpce": {"vpce_h", "vpce"},
	"aws:PrincipalType": {"ptype_h", "ptype"},
}

func (w *writer) condition(c policy.Condition) string {
	if c.Key == "aws:TagKeys" {
		return w.onSet(c)
	}
	v := views[c.Key]
	present := v[0]
	if c.Operator.Compare == policy.NullCheck {
		return w.null(c, present)
	}
	hit := w.hit(c, v[1])
	m := hit
	if c.Operator.Negated {
		m = "(not " + hit + ")"
	}
	empty := "false"
	if v[1] != "" && v[1] != "mk" && v[1] != "ct" {
		empty = fmt.Sprintf(`(= %s "")`, v[1])
	}
	switch {
	case c.Operator.Quantifier == policy.ForAnyValue:
		return fmt.Sprintf("(and %s (not %s) %s)", present, empty, m)
	case c.Operator.Quantifier == policy.ForAllValues:
		return fmt.Sprintf("(or (not %s) %s %s)", present, empty, m)
	case c.Operator.IfExists, c.Operator.Negated:
		return fmt.Sprintf("(or (not %s) %s)", present, m)
	}
	return fmt.Sprintf("(and %s %s)", present, m)
}

func (w *writer) null(c policy.Condition, present string) string {
	switch {
	case c.Operator.Quantifier == policy.ForAllValues:
		return "true"
	case c.Operator.Quantifier == policy.ForAnyValue:
		return "false"
	case c.Values[0].Text.Literal == "true":
		return "(not " + present + ")"
	}
	return present
}

// hit is that a value, which is present, matches one of the policy's.
func (w *writer) hit(c policy.Condition, x string) string {
	parts := []string{"false"}
	for _, v := range c.Values {
		parts = append(parts, w.compare(c.Operator.Compare, x, v.Text.Literal))
	}
	return "(or " + strings.Join(parts, " ") + ")"
}

func (w *writer) compare(op policy.Comparison, x, v string) string {
	switch op {
	case policy.IpAddress:
		p, _ := ParseBlock(v)
		return inBlock(p)
	case policy.ArnEquals, policy.ArnLike:
		if v == "*" {
			return "true"
		}
		noColon := `(re.* (re.diff re.allchar (str.to_re ":")))`
		f := strings.SplitN(v, ":", 6)
		return fmt.Sprintf("(str.in_re %s (re.++ %s (str.to_re \":\") %s))", x, regex(strings.Join(f[:5], ":"), false, noColon), regex(f[5], false, "re.all"))
	case policy.StringLike, policy.StringEquals, policy.StringEqualsIgnoreCase, policy.Bool:
		return w.text(op, x, v)
	}
	n, ok := ParseNumber(v)
	if strings.HasPrefix(fmt.Sprint(x), "ct") {
		n, ok = ParseDate(v)
	}
	if !ok {
		return "false"
	}
	sign := map[policy.Comparison]string{policy.NumericEquals: "=", policy.NumericLessThan: "<", policy.NumericLessThanEquals: "<=", policy.NumericGreaterThan: ">", policy.NumericGreaterThanEquals: ">=",
		policy.DateEquals: "=", policy.DateLessThan: "<", policy.DateLessThanEquals: "<=", policy.DateGreaterThan: ">", policy.DateGreaterThanEquals: ">="}[op]
	return fmt.Sprintf("(%s %s (/ %s.0 %s.0))", sign, x, n.Num(), n.Denom())
}

// text compares strings; policy variables stand alone or behind a literal here.
func (w *writer) text(op policy.Comparison, x, v string) string {
	if i := strings.Index(v, "${"); i >= 0 && w.document.HasVariables() {
		before, inner := v[:i], strings.TrimSuffix(v[i+2:], "}")
		if inner == "*" {
			return fmt.Sprintf("(= %s %q)", x, before+"*")
		}
		name, fallback, hasDefault := strings.Cut(inner, ", ")
		y := views[name]
		equal := func(s string) string {
			if op == policy.StringEqualsIgnoreCase {
				return fmt.Sprintf("(= (str.to_lower %s) (str.to_lower %s))", x, s)
			}
			return fmt.Sprintf("(= %s %s)", x, s)
		}
		f := fmt.Sprintf("(and %s %s)", y[0], equal(fmt.Sprintf("(str.++ %q %s)", before, y[1])))
		if hasDefault {
			f = fmt.Sprintf("(or %s (and (not %s) %s))", f, y[0], equal(fmt.Sprintf("%q", before+strings.Trim(fallback, "'"))))
		}
		return f
	}
	switch op {
	case policy.StringLike:
		return fmt.Sprintf("(str.in_re %s %s)", x, regex(v, false, "re.all"))
	case policy.StringEquals:
		return fmt.Sprintf("(= %s %q)", x, v)
	}
	if x == "org" || x == "vpc" || x == "vpce" { // ids, which are in lower case
		return fmt.Sprintf("(= %s %q)", x, strings.ToLower(v))
	}
	return fmt.Sprintf("(= (str.to_lower %s) %q)", x, strings.ToLower(v))
}

// onSet is a condition on aws:TagKeys, with at most setSize values.
func (w *writer) onSet(c policy.Condition) string {
	var present, every, some []string
	for i := range setSize {
		h, x := fmt.Sprintf("tk%d_h", i), fmt.Sprintf("tk%d", i)
		present = append(present, h)
		if c.Operator.Compare == policy.NullCheck {
			continue
		}
		m := w.hit(c, x)
		if c.Operator.Negated {
			m = "(not " + m + ")"
		}
		every = append(every, fmt.Sprintf("(=> %s %s)", h, m))
		some = append(some, fmt.Sprintf("(and %s %s)", h, m))
	}
	there := "(or " + strings.Join(present, " ") + ")"
	switch {
	case c.Operator.Compare == policy.NullCheck:
		return w.null(c, there)
	case c.Operator.Quantifier == policy.ForAllValues:
		return "(and " + strings.Join(every, " ") + ")"
	}
	return "(or " + strings.Join(some, " ") + ")"
}

func bigOf(a netip.Addr) string { return new(big.Int).SetBytes(a.AsSlice()).String() }

func power2(n int) string { return new(big.Int).Lsh(big.NewInt(1), uint(n)).String() }
