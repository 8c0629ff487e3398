package access

import (
	"fmt"
	"math/rand"
	"strings"

	"github.com/iaclint/iaclint/analysis/evaluate"
	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// parse decodes the text of a policy.
func parse(text string) *policy.Document {
	v, _ := jsontree.Parse(source.NewFile("policy.json", []byte(text)))
	d, _ := policy.Decode(v)
	return d
}

// bucketB is the bucket that generated policies are about.
func bucketB() Subject {
	kind, _ := knowledge.KindOf("AWS::S3::Bucket")
	s := Subject{Kind: kind, ARN: "arn:aws:s3:::b", Account: "111122223333", Partition: "aws", actions: kind.Actions()}
	for i := range kind.Shapes {
		s.shapes = append(s.shapes, kind.Resource(i, s.ARN))
	}
	return s
}

// pick returns one of the texts.
func pick(r *rand.Rand, l ...string) string { return l[r.Intn(len(l))] }

// genValue returns a value to compare a key with: overlapping, and near misses.
func genValue(r *rand.Rand, key string) string {
	switch key {
	case "aws:PrincipalArn":
		return pick(r, `arn:aws:iam::444455556666:role/a*`, `arn:aws:iam::*:role/ab`, `arn:aws:iam::444455556666:role/ab`, `*`, `arn:aws:iam::444455556666:root`, `arn:aws:iam::*:user/*`, `arn:*:role/a?`, `*:role/ab`)
	case "aws:SourceArn":
		return pick(r, `arn:aws:sns:*:444455556666:a*`, `arn:aws:s3:::bucket`, `arn:aws:s3:::b*`, `arn:aws:sns:us-east-1:111122223333:ab`, `*`, `*444455556666*`)
	case "aws:SourceAccount", "aws:PrincipalAccount":
		return pick(r, "444455556666", "111122223333", "4444*", "anonymous", "*")
	case "aws:PrincipalOrgID":
		return pick(r, "o-aaaaaaaaaa", "o-bbbbbbbbbb", "o-*")
	case "aws:PrincipalOrgPaths":
		return pick(r, "o-aaaaaaaaaa/r-1/*", "o-aaaaaaaaaa/*", "o-*/r-1/ou-2/*")
	case "aws:SourceIp":
		return pick(r, "203.0.113.0/24", "203.0.113.128/25", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8", "198.51.100.7")
	case "s3:max-keys":
		return pick(r, "10", "5", "10.5")
	case "aws:CurrentTime":
		return pick(r, "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "1900000000")
	case "aws:SecureTransport", "aws:PrincipalIsAWSService":
		return pick(r, "true", "false", "True")
	case "aws:TagKeys":
		return pick(r, "a", "b", "a*", "*b", "team")
	case "aws:PrincipalTag/team", "aws:RequestTag/team":
		return pick(r, "a", "b", "a*", "*b", "?", "${aws:PrincipalTag/team}", "${aws:RequestTag/team, 'x'}", "p${aws:username}", "*", "${*}")
	case "aws:username":
		return pick(r, "bob", "b*", "a")
	case "aws:userid":
		return pick(r, "AROAX:*", "*:ss", "AIDAX", "anonymous")
	case "aws:SourceVpc":
		return pick(r, "vpc-11111111", "vpc-*")
	case "aws:SourceVpce":
		return pick(r, "vpce-11111111", "vpce-2*")
	case "aws:PrincipalType":
		return pick(r, "User", "AssumedRole", "Anonymous", "A*")
	}
	return "x"
}

// genCond returns an operator, a key and values.
func genCond(r *rand.Rand) (string, string, []string) {
	str := []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	arn := []string{"ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"}
	keys := []string{"aws:PrincipalArn", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceIp", "s3:max-keys", "aws:CurrentTime", "aws:SecureTransport", "aws:PrincipalIsAWSService", "aws:TagKeys", "aws:PrincipalTag/team", "aws:RequestTag/team", "aws:username", "aws:userid", "aws:SourceVpc", "aws:SourceVpce", "aws:PrincipalType"}
	key := keys[r.Intn(len(keys))]
	var op string
	switch key {
	case "aws:PrincipalArn", "aws:SourceArn":
		op = pick(r, append(arn, str...)...)
	case "aws:SourceIp":
		op = pick(r, "IpAddress", "NotIpAddress")
	case "s3:max-keys":
		op = pick(r, "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals")
	case "aws:CurrentTime":
		op = pick(r, "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals")
	case "aws:SecureTransport", "aws:PrincipalIsAWSService":
		op = pick(r, "Bool", "StringEquals")
	default:
		op = pick(r, str...)
	}
	switch r.Intn(6) {
	case 0:
		op += "IfExists"
	case 1:
		op = "ForAllValues:" + op
	case 2:
		op = "ForAnyValue:" + op
	case 3:
		if r.Intn(3) == 0 {
			return pick(r, "Null", "Null", "ForAllValues:Null"), key, []string{pick(r, "true", "false")}
		}
	}
	var vs []string
	for n := 1 + r.Intn(2); n > 0; n-- {
		vs = append(vs, genValue(r, key))
	}
	return op, key, vs
}

// genPolicy returns the text of a small policy for the bucket b of account
// 111122223333.
func genPolicy(r *rand.Rand) string {
	var sts []string
	for n := 1 + r.Intn(3); n > 0; n-- {
		eff := pick(r, "Allow", "Allow", "Deny")
		pk := pick(r, "Principal", "Principal", "Principal", "NotPrincipal")
		pv := pick(r, `"*"`, `"*"`, `{"AWS":"444455556666"}`, `{"AWS":["arn:aws:iam::444455556666:role/ab","arn:aws:iam::444455556666:root"]}`, `{"AWS":"arn:aws:iam::444455556666:user/p/bob"}`, `{"AWS":"arn:aws:sts::444455556666:assumed-role/ab/ss"}`, `{"Service":"sns.amazonaws.com"}`, `{"AWS":["arn:aws:iam::111122223333:root"],"Service":"s3.amazonaws.com"}`)
		act := pick(r, `"s3:GetObject"`, `"s3:*"`, `["s3:Get*","s3:ListBucket"]`, `"S3:getobject"`, `"*"`)
		ak := pick(r, "Action", "Action", "Action", "NotAction")
		res := pick(r, `"arn:aws:s3:::b/*"`, `"arn:aws:s3:::b"`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`, `"*"`, `"arn:aws:s3:::b/${aws:username}/*"`, `"arn:aws:s3:::b/a*"`, `"arn:*:*:*:*:b/*a"`)
		rk := pick(r, "Resource", "Resource", "Resource", "NotResource")
		blocks := map[string]string{}
		var order []string
		for m := r.Intn(4); m > 0; m-- {
			op, k, vs := genCond(r)
			if _, ok := blocks[op+k]; ok {
				continue
			}
			blocks[op+k] = ""
			order = append(order, fmt.Sprintf(`%q:{%q:["%s"]}`, op, k, strings.Join(vs, `","`)))
		}
		seen := map[string]bool{}
		var conds []string
		for _, o := range order {
			name := strings.SplitN(o, ":{", 2)[0]
			if !seen[name] {
				seen[name] = true
				conds = append(conds, o)
			}
		}
		sts = append(sts, fmt.Sprintf(`{"Effect":%q,%q:%s,%q:%s,%q:%s,"Condition":{%s}}`, eff, pk, pv, ak, act, rk, res, strings.Join(conds, ",")))
	}
	return fmt.Sprintf(`{"Version":%q,"Statement":[%s]}`, pick(r, "2012-10-17", "2012-10-17", "2008-10-17"), strings.Join(sts, ","))
}

// genRequest returns a well-formed request with every key that genPolicy tests,
// or without it.
func genRequest(r *rand.Rand) evaluate.Request {
	q := evaluate.Request{Context: map[string][]string{}}
	set := func(k string, vs ...string) { q.Context[k] = vs }
	acct := pick(r, "444455556666", "111122223333", "777788889999")
	switch r.Intn(6) {
	case 0:
		q.Principal = evaluate.Principal{Type: evaluate.Anonymous}
		set("aws:PrincipalAccount", "anonymous")
		set("aws:PrincipalType", "Anonymous")
		set("aws:userid", "anonymous")
	case 1, 2:
		q.Principal = evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + acct + ":role/" + pick(r, "ab", "p/ab", "a", "zz"), Account: acct, Session: pick(r, "ss", "tt")}
		set("aws:PrincipalType", "AssumedRole")
		set("aws:userid", pick(r, "AROAX", "AROAY")+":"+q.Principal.Session)
	case 3:
		q.Principal = evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + acct + ":user/" + pick(r, "p/bob", "bob", "ab"), Account: acct}
		set("aws:PrincipalType", "User")
		set("aws:username", q.Principal.ARN[strings.LastIndexByte(q.Principal.ARN, '/')+1:])
		set("aws:userid", pick(r, "AIDAX", "AIDAY"))
	case 4:
		q.Principal = evaluate.Principal{Type: evaluate.AWS, ARN: "arn:aws:iam::" + acct + ":root", Account: acct}
		set("aws:PrincipalType", "Account")
		set("aws:userid", acct)
	case 5:
		q.Principal = evaluate.Principal{Type: evaluate.Service, ARN: pick(r, "sns.amazonaws.com", "s3.amazonaws.com", "ec2.amazonaws.com")}
		set("aws:PrincipalIsAWSService", "true")
	}
	if q.Principal.Type == evaluate.AWS {
		set("aws:PrincipalArn", q.Principal.ARN)
		set("aws:PrincipalAccount", acct)
		set("aws:PrincipalIsAWSService", "false")
		if r.Intn(2) == 0 {
			o := pick(r, "o-aaaaaaaaaa", "o-bbbbbbbbbb", "o-cccccccccc")
			set("aws:PrincipalOrgID", o)
			set("aws:PrincipalOrgPaths", o+"/"+pick(r, "r-1/ou-1/", "r-1/ou-2/", "r-1/"))
		}
	}
	q.Action = pick(r, "s3:GetObject", "s3:PutObject", "s3:ListBucket")
	if q.Action == "s3:ListBucket" {
		q.Resource = "arn:aws:s3:::b"
	} else {
		q.Resource = "arn:aws:s3:::b/" + pick(r, "a", "x", "bob/x", "ba", "pbob")
	}
	if q.Principal.Type == evaluate.Service || r.Intn(3) == 0 {
		switch r.Intn(4) {
		case 0:
			set("aws:SourceArn", pick(r, "arn:aws:s3:::bucket", "arn:aws:s3:::other"))
			if r.Intn(2) == 0 {
				set("aws:SourceAccount", pick(r, "444455556666", "111122223333"))
			}
		case 1:
			a := pick(r, "444455556666", "111122223333", "777788889999")
			set("aws:SourceArn", "arn:aws:sns:us-east-1:"+a+":"+pick(r, "ab", "z"))
			if r.Intn(2) == 0 {
				set("aws:SourceAccount", a)
			}
		case 2:
			set("aws:SourceAccount", pick(r, "444455556666", "111122223333"))
		}
	}
	if q.Principal.Type != evaluate.Service {
		if r.Intn(2) == 0 {
			set("aws:SourceIp", pick(r, "203.0.113.5", "203.0.113.200", "198.51.100.7", "2001:db8::1", "8.8.8.8"))
		} else {
			set("aws:SourceVpc", pick(r, "vpc-11111111", "vpc-22222222"))
			set("aws:SourceVpce", pick(r, "vpce-11111111", "vpce-22222222"))
			set("aws:VpcSourceIp", "10.0.0.1")
		}
	}
	opt := func(k string, vs ...string) {
		if r.Intn(2) == 0 {
			set(k, pick(r, vs...))
		}
	}
	opt("s3:max-keys", "5", "10", "10.0", "10.5", "11", "3")
	set("aws:CurrentTime", pick(r, "2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2027-06-01T00:00:00Z", "2040-01-01T00:00:00Z"))
	set("aws:SecureTransport", pick(r, "true", "false"))
	if q.Principal.Type == evaluate.AWS && q.Context["aws:PrincipalType"][0] != "Account" {
		opt("aws:PrincipalTag/team", "a", "b", "ab", "x", "pbob")
	}
	opt("aws:RequestTag/team", "a", "b", "ab", "x", "pbob", "*")
	switch r.Intn(4) {
	case 0:
		set("aws:TagKeys", "a")
	case 1:
		set("aws:TagKeys", "a", "b")
	case 2:
		set("aws:TagKeys", "team", "ab")
	}
	return q
}

// locate maps a request to its point, the reverse of request; why says what has
// no cell.
func (s *solution) locate(q evaluate.Request) ([]int, string) {
	point := make([]int, s.space.Levels())
	get := func(k string) (string, bool) {
		for n, v := range q.Context {
			if strings.EqualFold(n, k) && len(v) > 0 {
				return v[0], true
			}
		}
		return "", false
	}
	all := func(k string) []string {
		for n, v := range q.Context {
			if strings.EqualFold(n, k) {
				return v
			}
		}
		return nil
	}
	values := assignment{}
	for _, d := range s.dims {
		var parts []string
		switch d.name {
		case "caller":
			p := q.Principal
			switch p.Type {
			case evaluate.Anonymous:
				parts = []string{anonymous, "", "", ""}
			case evaluate.Service:
				parts = []string{service, "", p.ARN, ""}
			default:
				f := strings.SplitN(p.ARN, ":", 6)
				kind, name, _ := strings.Cut(f[5], "/")
				parts = []string{kind, f[4], name, p.Session}
			}
		case "resource":
			f := strings.SplitN(q.Resource, ":", 6)
			sh := "A"
			if strings.Contains(f[5], "/") {
				sh = "B"
			}
			parts = []string{sh, f[3], f[4], f[5]}
		case "source":
			arn, hasARN := get("aws:SourceArn")
			acct, hasAcct := get("aws:SourceAccount")
			switch {
			case !hasARN && !hasAcct:
				parts = []string{absentShape, "", "", ""}
			case !hasARN:
				parts = []string{sourceAccount, acct, "", ""}
			default:
				f := strings.SplitN(arn, ":", 6)
				head := f[1] + ":" + f[2] + ":" + f[3]
				switch {
				case f[4] != "" && hasAcct:
					parts = []string{sourceBoth, f[4], head, f[5]}
				case f[4] != "":
					parts = []string{sourceARN, f[4], head, f[5]}
				case hasAcct:
					parts = []string{sourceBareAccount, acct, head, f[5]}
				default:
					parts = []string{sourceBare, "", head, f[5]}
				}
			}
		case "caller's organization":
			parts = []string{absentShape, "", ""}
			if p, ok := get("aws:PrincipalOrgPaths"); ok {
				id, rest, _ := strings.Cut(p, "/")
				parts = []string{presentShape, id, rest}
			}
		case "aws:userid":
			v, ok := get("aws:userid")
			parts = []string{absentShape, "", ""}
			if ok {
				a, b, has := strings.Cut(v, ":")
				parts = []string{"i", a, ""}
				if has {
					parts = []string{"s", a, b}
				}
			}
		default:
			if d.elements {
				for _, v := range all(d.name) {
					c := d.words.Find([]string{presentShape, v})
					if c < 0 {
						return nil, "element " + v
					}
					point[d.level+c] = 1
				}
				continue
			}
			v, ok := get(d.name)
			if d.form == text {
				parts = []string{absentShape, ""}
				if ok {
					parts = []string{presentShape, v}
				}
				break
			}
			point[d.level] = d.findOrdered(v, ok)
			values[d] = nil
			if ok {
				values[d] = []string{presentShape, v}
			}
			continue
		}
		c := d.words.Find(parts)
		if c < 0 {
			return nil, d.name + fmt.Sprint(parts)
		}
		values[d] = parts
		point[d.level] = c
	}
	for c, g := range s.action.groups {
		for _, i := range g {
			if strings.EqualFold(s.actions[i].Full, q.Action) {
				point[s.action.level] = c
			}
		}
	}
	for _, r := range s.relations {
		if s.relationHolds(r, values) {
			point[r.level] = 1
		}
	}
	return point, ""
}

// findOrdered returns the cell of a number, date or address.
func (d *dimension) findOrdered(v string, ok bool) int {
	if !ok {
		return 0
	}
	for c := 0; c < d.size; c++ {
		if c == 0 && d.optional {
			continue
		}
		good := true
		for a := range d.sets {
			in := false
			switch d.form {
			case addresses:
				p, _ := ParseBlock(v)
				for _, b := range d.blocks[a] {
					in = in || b.Addr().Is4() == p.Addr().Is4() && b.Masked().Contains(p.Addr())
				}
			default:
				x, _ := ParseNumber(v)
				if d.form == dates {
					x, _ = ParseDate(v)
				}
				for _, iv := range d.intervals[a] {
					in = in || iv.Has(x)
				}
			}
			if in != d.sets[a].Has(c) {
				good = false
				break
			}
		}
		if good {
			return c
		}
	}
	return -1
}
