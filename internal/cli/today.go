package cli

import (
	"strconv"
	"time"

	"github.com/iaclint/iaclint/config"
	"github.com/iaclint/iaclint/reporters"
	"github.com/iaclint/iaclint/rules"
)

// configOptions are what the configuration may name.
func configOptions(today string) config.Options {
	return config.Options{Rules: rules.IDs(), Formats: reporters.Names(), Version: thisBuild().Version, Today: today}
}

// today is the day (UTC) on which archive rules are judged: that of the flag,
// else that of now.
func today(flag string, env func(string) string) string {
	if flag != "" {
		return flag
	}
	return now(env).UTC().Format(time.DateOnly)
}

// now is the time of a reproducible build, else the clock's.
//
// https://reproducible-builds.org/specs/source-date-epoch/
func now(env func(string) string) time.Time {
	if seconds, err := strconv.ParseInt(env("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	return time.Now()
}
