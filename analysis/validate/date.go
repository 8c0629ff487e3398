package validate

import "time"

// layouts are the forms of W3C's profile of ISO 8601 that conditions take.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
var layouts = []string{
	"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999999Z07:00",
	"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "20060102T150405Z", "20060102",
}

func isDate(s string) bool {
	for _, layout := range layouts {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
