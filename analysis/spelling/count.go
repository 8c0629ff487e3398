package spelling

import "strconv"

// Count writes a number of things: "1 finding", "2 findings".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Plural(n, noun) }

// Plural returns a regular noun in the number that goes with n.
func Plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
