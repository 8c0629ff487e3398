package config

import (
	"fmt"
	"strconv"
	"strings"
)

// satisfies reports whether a version meets constraints such as ">= 0.1, < 2".
// A version without numbers, that of a development build, meets all of them.
func satisfies(version, constraints string) (bool, error) {
	have, known := numbers(strings.TrimPrefix(version, "v"))
	all := true
	for _, c := range strings.Split(constraints, ",") {
		c = strings.TrimSpace(c)
		operator := strings.TrimSpace(c[:len(c)-len(strings.TrimLeft(c, "<>=!~"))])
		want, ok := numbers(strings.TrimSpace(c[len(operator):]))
		if !ok {
			return false, fmt.Errorf("%q is not a version constraint; write for example \">= 0.1.0\"", c)
		}
		met, ok := compare(operator, have, want)
		if !ok {
			return false, fmt.Errorf("%q is not a comparison; valid are =, !=, >, >=, <, <=", operator)
		}
		all = all && met
	}
	return all || !known, nil
}

func compare(operator string, have, want [3]int) (met, ok bool) {
	order := 0
	for i := range have {
		if order == 0 {
			order = have[i] - want[i]
		}
	}
	switch operator {
	case "", "=", "==":
		return order == 0, true
	case "!=":
		return order != 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	}
	return false, false
}

// numbers reads 1, 1.2 or 1.2.3, with or without a suffix such as -rc1.
func numbers(s string) (n [3]int, ok bool) {
	s, _, _ = strings.Cut(s, "+")
	s, _, _ = strings.Cut(s, "-")
	parts := strings.Split(s, ".")
	if len(parts) > 3 {
		return n, false
	}
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 31)
		if err != nil {
			return n, false
		}
		n[i] = int(v)
	}
	return n, true
}
