package terraform

import (
	"slices"
	"strings"
)

// costs has, for every function, what a call costs beside the weight of its
// arguments, before anything is made. See affordable.
var costs map[string]func(*call) int

func init() { // counting reads arguments, which may be texts still to be encoded
	costs = map[string]func(*call) int{
		"format": formatCost, "formatlist": formatListCost, "indent": indentCost, "join": joinCost, "replace": replaceCost, "split": splitCost,
		"parseint": parseCost, "tonumber": parseCost, "regex": regexCost, "regexall": regexAllCost, "trim": trimCost,
		"distinct": compared, "toset": compared, "setunion": compared, "setintersection": compared, "setsubtract": compared, "matchkeys": compared,
		"contains": linear, "index": linear, "lookup": lookupCost, "coalesce": choiceCost, "coalescelist": choiceCost, "merge": mergeCost, "one": compared,
		"setproduct": productCost, "range": rangeCost, "transpose": transposeCost,
		"base64gunzip": gunzipCost, "base64gzip": gzipCost, "csvdecode": csvCost, "jsondecode": decodeCost, "yamldecode": decodeCost,
		"provider::terraform::decode_tfvars": parseHCLCost, "jsonencode": encodeCost, "yamlencode": yamlCost,
	}
	for _, name := range []string{"abs", "ceil", "floor", "log", "max", "min", "pow", "signum", "sum", "basename", "dirname", "timeadd", "timecmp",
		"cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets", "cidrcontains", "tobool", "alltrue", "anytrue", "length", "element", "nonsensitive",
		"sensitive", "ephemeralasnull", "provider::aws::arn_build", "provider::aws::arn_parse", "provider::aws::trim_iam_role_path", "uuidv5"} {
		costs[name] = each(valueSteps)
	}
	// A value for every element, or text as long as the argument.
	for _, name := range []string{"chunklist", "compact", "concat", "flatten", "keys", "values", "reverse", "slice", "sort", "zipmap", "tolist", "tomap",
		"tostring", "chomp", "endswith", "startswith", "strcontains", "lower", "upper", "title", "strrev", "substr", "trimprefix", "trimsuffix", "trimspace",
		"base64decode", "base64encode", "textdecodebase64", "textencodebase64", "urlencode", "urldecode", "formatdate", "base64sha256", "base64sha512",
		"md5", "sha1", "sha256", "sha512"} {
		costs[name] = linear
	}
	// Reading a file costs its length, which is taken when it is read.
	for _, name := range []string{"file", "filebase64", "fileexists", "fileset", "templatefile", "filebase64sha256", "filebase64sha512", "filemd5",
		"filesha1", "filesha256", "filesha512"} {
		costs[name] = each(100)
	}
	for _, name := range []string{"abspath", "pathexpand", "timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "issensitive", "type",
		"provider::terraform::encode_tfvars", "provider::terraform::encode_expr"} {
		costs[name] = each(valueSteps) // never computed
	}
}

func each(n int) func(*call) int { return func(*call) int { return n } }

func linear(c *call) int {
	n := valueSteps
	for _, a := range c.args {
		n = plus(n, plus(a.weight(), times(valueSteps, a.count())))
	}
	return n
}

func compared(c *call) int { return plus(linear(c), pairwise(c.args...)) }

// lookupCost is that of the choice between the values that the key may be of and
// what there is without.
func lookupCost(c *call) int {
	if len(c.args) < 2 {
		return linear(c)
	}
	choices := slices.Clone(c.args[2:])
	if key, known := c.args[1].known(); known {
		if v := c.args[0].get(key); v != nil {
			choices = append(choices, v)
		}
	} else {
		for _, f := range c.args[0].fields {
			choices = append(choices, f.val)
		}
	}
	return plus(linear(c), choosing(choices))
}

// choiceCost is that of comparing the arguments with each other, and what is in
// them.
func choiceCost(c *call) int {
	return plus(times(len(c.args), c.weight()), plus(pairwise(c.args...), choosing(c.args)))
}

// mergeCost counts that every argument that is not known is named after what
// was merged before it.
func mergeCost(c *call) int {
	open := 0
	for _, a := range c.args {
		if a.kind == unknown || a.open != nil || a.inst != nil || a.mod != nil || a.maybe != nil {
			open++
		}
	}
	return plus(linear(c), times(open, c.weight()))
}

func formatCost(c *call) int {
	return formatted(c, 1)
}

// formatListCost is that of one format for every element of the longest list.
func formatListCost(c *call) int {
	n := 1
	for _, a := range c.args[min(1, len(c.args)):] {
		n = max(n, a.count())
	}
	return formatted(c, n)
}

// formatted returns the cost of formatting n times. Arguments are used once
// each, unless the format numbers them.
func formatted(c *call, n int) int {
	spec := c.known(0)
	one := plus(c.size(0)+valueSteps, widths(spec))
	elements := 0
	for _, a := range c.args[min(1, len(c.args)):] {
		w := encoded(a, 0) + chunkCost
		if strings.Contains(spec, "[") {
			w = times(w, strings.Count(spec, "%"))
		}
		if a.kind == sequence && n > 1 {
			elements = plus(elements, w)
			continue
		}
		one = plus(one, w)
	}
	return plus(elements, times(n, plus(one, times(chunkCost, strings.Count(spec, "%")))))
}

func indentCost(c *call) int {
	return plus(c.size(1), times(min(c.atMost(0), 1001), strings.Count(c.known(1), "\n")))
}

func joinCost(c *call) int {
	n := 0
	for _, a := range c.args[min(1, len(c.args)):] {
		n = plus(n, a.count())
	}
	return plus(linear(c), times(n, c.size(0)+chunkCost))
}

func replaceCost(c *call) int {
	s, sub, with := c.known(0), c.known(1), c.known(2)
	if len(sub) > 1 && sub[0] == '/' && sub[len(sub)-1] == '/' {
		// What replaces a match may repeat the match for every $ in it.
		return plus(plus(matching(sub, s), times(len(s)+1, len(with)+1)), around(c.refs(0), sub))
	}
	renaming := times(c.refs(0), c.size(1)+c.size(2)) // a reference in which something is replaced is named after all of that
	return plus(plus(linear(c), times(strings.Count(s, sub), len(with))), plus(renaming, around(c.refs(0), sub)))
}

// around is what it takes to tell whether a pattern matches a text that ends, or
// begins, in a reference: every cut of the pattern is tried on both sides of it.
func around(refs int, pattern string) int { return times(refs, times(len(pattern), len(pattern))) }

func splitCost(c *call) int {
	pieces := strings.Count(c.known(1), c.known(0)) + 1
	return plus(plus(linear(c), times(valueSteps, pieces)), plus(times(c.refs(1), c.size(0)), around(c.refs(1), c.known(0))))
}

// parseCost grows with the square of the number of digits.
func parseCost(c *call) int { return times(c.size(0), 1+c.size(0)/64) }

func regexCost(c *call) int {
	return plus(plus(linear(c), matching(c.known(0), c.known(1))), around(c.refs(1), c.known(0)))
}

func regexAllCost(c *call) int {
	groups := strings.Count(c.known(0), "(") + 1
	return plus(regexCost(c), times(valueSteps*groups, len(c.known(1))+1))
}

// trimCost is that of looking for every character of the text among those that are cut.
func trimCost(c *call) int { return plus(linear(c), times(c.size(0), 1+c.size(1)/16)) }

func productCost(c *call) int {
	n, total := 1, 0
	for _, a := range c.args {
		n = times(n, a.count())
		total = plus(total, n)
	}
	return plus(linear(c), times(len(c.args)+valueSteps, total))
}

// rangeCost counts the numbers; the library makes 1024 at most.
func rangeCost(c *call) int {
	n := 1024
	switch len(c.args) {
	case 1:
		n = c.atMost(0)
	case 2:
		n = max(c.atMost(1)-c.atMost(0), c.atMost(0)-c.atMost(1))
	}
	return valueSteps * (1 + min(n, 1024))
}

// transposeCost counts that an element which is not known may stand for any key, in
// every list of the result.
func transposeCost(c *call) int {
	n, lists, open := 0, 0, false
	if len(c.args) > 0 {
		for _, f := range c.args[0].fields {
			n = plus(n, times(f.val.count(), valueSteps+len(f.key)))
			lists = plus(lists, len(f.val.items))
			open = open || f.val.kind == unknown || !f.val.fixed() || !all(f.val.items, (*val).wholly)
		}
		if open {
			n = plus(n, times(valueSteps*lists, len(c.args[0].fields)))
		}
	}
	return plus(linear(c), n)
}

// maxUnzipped is how much a text of base64gunzip may become.
const maxUnzipped = 1 << 20

func gunzipCost(c *call) int { return plus(linear(c), min(times(c.size(0), 1000), maxUnzipped)) }

// gzipCost has the tables that every compression makes.
func gzipCost(c *call) int { return plus(times(4, linear(c)), 4000) }

func csvCost(c *call) int {
	header, _, _ := strings.Cut(c.known(0), "\n")
	s := c.known(0)
	return plus(plus(linear(c), times(2*valueSteps, separators(s))), times(strings.Count(s, "\n")+1, len(header)))
}

// decodeCost has two trees: what the library reads, and ours.
func decodeCost(c *call) int { return plus(linear(c), times(2*valueSteps, separators(c.known(0)))) }

// parseHCLCost has the tree of expressions, which is many times as large as the text.
func parseHCLCost(c *call) int { return times(10, decodeCost(c)) }

func encodeCost(c *call) int {
	if len(c.args) == 0 || (c.args[0].kind == sequence || c.args[0].kind == mapping) && !holdsJSON(c.args[0]) {
		return valueSteps // the text is written when it is asked for, and is as long as it is heavy
	}
	return encoded(c.args[0], 0)
}

// holdsJSON reports whether there is a text in a value that is written when it is
// asked for. Each of its characters may then be written as two.
func holdsJSON(v *val) bool {
	if v.json != nil || v.open != nil && holdsJSON(v.open) || slices.ContainsFunc(v.items, holdsJSON) {
		return true
	}
	return slices.ContainsFunc(v.fields, func(f field) bool { return holdsJSON(f.val) })
}

func yamlCost(c *call) int {
	if len(c.args) == 0 {
		return valueSteps
	}
	return plus(times(4, linear(c)), times(2, encoded(c.args[0], 0)))
}
