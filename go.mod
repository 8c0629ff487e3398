module github.com/iaclint/iaclint

go 1.26.0
