package policy

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/spelling"

	"github.com/iaclint/iaclint/analysis/value"
)

// operatorNames are AWS's spellings, without set operator and IfExists.
var operatorNames = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress",
	"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Null",
}

var comparisons = map[string]Comparison{
	"StringEquals": StringEquals, "StringEqualsIgnoreCase": StringEqualsIgnoreCase, "StringLike": StringLike,
	"NumericEquals": NumericEquals, "NumericLessThan": NumericLessThan, "NumericLessThanEquals": NumericLessThanEquals,
	"NumericGreaterThan": NumericGreaterThan, "NumericGreaterThanEquals": NumericGreaterThanEquals,
	"DateEquals": DateEquals, "DateLessThan": DateLessThan, "DateLessThanEquals": DateLessThanEquals,
	"DateGreaterThan": DateGreaterThan, "DateGreaterThanEquals": DateGreaterThanEquals,
	"Bool": Bool, "BinaryEquals": BinaryEquals, "IpAddress": IpAddress,
	"ArnEquals": ArnEquals, "ArnLike": ArnLike, "Null": NullCheck,
}

// ParseOperator reads the name of a condition operator, in any letter case.
// Compare is UnknownOperator for what AWS does not know.
func ParseOperator(name string) Operator {
	o := Operator{Text: name}
	rest := strings.ToLower(name)
	if after, ok := strings.CutPrefix(rest, "forallvalues:"); ok {
		o.Quantifier, rest = ForAllValues, after
	} else if after, ok := strings.CutPrefix(rest, "foranyvalue:"); ok {
		o.Quantifier, rest = ForAnyValue, after
	}
	rest, o.IfExists = strings.CutSuffix(rest, "ifexists")
	for _, candidate := range operatorNames {
		if !strings.EqualFold(rest, candidate) {
			continue
		}
		positive := strings.Replace(candidate, "Not", "", 1)
		o.Negated = positive != candidate
		o.Compare = comparisons[positive]
	}
	if o.Compare == NullCheck && o.IfExists {
		o.Compare = UnknownOperator // Null is about existence itself
	}
	return o
}

func (d *decoder) conditions(fields []value.Field) []Condition {
	var list []Condition
	for i, f := range fields {
		if i < len(fields)-1 {
			// A reader that keeps the last of duplicate keys does not see it.
			list = append(list, constraint(reference(value.Value{Span: f.Value.Span}, "Condition"), f.Value.Span))
			continue
		}
		list = append(list, d.conditionBlock(f.Value)...)
	}
	return list
}

func (d *decoder) conditionBlock(v value.Value) []Condition {
	if v.Kind != value.Map {
		d.misplaced(v, "Condition", "an object of condition operators")
		return []Condition{constraint(reference(v, "Condition"), v.Span)}
	}
	var list []Condition
	last := lastFields(v.Fields, func(key string) string { return strings.ToLower(key) })
	for i, f := range v.Fields {
		if last[strings.ToLower(f.Key)] != i {
			d.refusef(f.KeySpan, "condition operator %q is written twice; AWS refuses duplicate keys", f.Key)
			list = append(list, constraint(reference(value.Value{Span: f.Value.Span}, "Condition"), f.Value.Span))
			continue
		}
		list = append(list, d.operatorBlock(f)...)
	}
	return list
}

// misplaced reports a value of the wrong type, unless it is only not known.
func (d *decoder) misplaced(v value.Value, element, expected string) {
	switch v.Kind {
	case value.Unknown:
	case value.Null:
		d.refusef(v.Span, "%s must be %s, found null", element, expected)
	default:
		d.refusef(v.Span, "%s must be %s, found %s", element, expected, v.Kind)
	}
}

// lastFields maps every key to the index of the last field that has it.
func lastFields(fields []value.Field, fold func(string) string) map[string]int {
	last := make(map[string]int, len(fields))
	for i, f := range fields {
		last[fold(f.Key)] = i
	}
	return last
}

func (d *decoder) operatorBlock(f value.Field) []Condition {
	operator := ParseOperator(f.Key)
	if operator.Compare == UnknownOperator {
		d.strangeOperator(f)
	}
	if f.Value.Kind != value.Map {
		d.misplaced(f.Value, "condition operator "+f.Key, "an object of condition keys")
		return []Condition{constraint(reference(f.Value, "Condition"), f.Value.Span)}
	}
	var list []Condition
	// Condition keys are the same in any letter case.
	last := lastFields(f.Value.Fields, strings.ToLower)
	for i, key := range f.Value.Fields {
		if last[strings.ToLower(key.Key)] != i {
			d.refusef(key.KeySpan, "condition key %q is written twice under %s; AWS refuses duplicate keys", key.Key, f.Key)
			list = append(list, constraint(reference(value.Value{Span: key.Value.Span}, "Condition"), key.Value.Span))
			continue
		}
		list = append(list, d.condition(operator, key))
	}
	return list
}

func (d *decoder) strangeOperator(f value.Field) {
	name := f.Key
	if strings.HasSuffix(strings.ToLower(name), "nullifexists") {
		d.refusef(f.KeySpan, `condition operator %q does not exist; expected "Null"`, name)
		return
	}
	prefix, base := "", name
	if before, after, ok := strings.Cut(name, ":"); ok {
		prefix, base = before+":", after
	}
	if near := spelling.Nearest(strings.TrimSuffix(base, "IfExists"), operatorNames); near != "" {
		if strings.HasSuffix(base, "IfExists") {
			near += "IfExists"
		}
		if q := spelling.Nearest(prefix, []string{"ForAllValues:", "ForAnyValue:"}); q != "" {
			near = q + near
		}
		d.refusef(f.KeySpan, "condition operator %q is unknown; did you mean %q?", name, near)
		return
	}
	d.refusef(f.KeySpan, "condition operator %q is unknown; expected one like StringEquals, ArnLike or IpAddress", name)
}

func (d *decoder) condition(operator Operator, f value.Field) Condition {
	c := Condition{Span: f.Value.Span, Operator: operator, Key: f.Key, KeySpan: f.KeySpan}
	for _, e := range entries(f.Value) {
		text := d.scalar(e.value, "value of condition key "+f.Key, "a string or a list of strings")
		d.checkVariables(text, e.value.Span)
		switch operator.Compare {
		case StringEquals, StringEqualsIgnoreCase, StringLike, ArnEquals, ArnLike:
			text = conditionValue(f.Key, text)
		}
		c.Values = append(c.Values, Pattern{Text: text, Span: e.value.Span, Maybe: e.maybe})
	}
	return c
}
