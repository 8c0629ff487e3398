package terraform

import (
	"fmt"
	"unicode"

	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// result says what becomes of calls of a function.
type result uint8

const (
	computed   result = iota
	unknowable        // depends on time, chance, keys or the machine
)

// function of the language.
type funcDef struct {
	min, max int // number of arguments; max is -1 for any
	call     func(*call) *val
	is       result
	many     bool // can do with arguments in doubt, each of which may be there many times
}

func (f funcDef) arity() string {
	switch {
	case f.max < 0:
		return fmt.Sprintf("at least %d arguments", f.min)
	case f.min == f.max:
		return fmt.Sprintf("%d arguments", f.min)
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

// functions of Terraform 1.14 and OpenTofu 1.10, with their documented meaning.
//
// https://developer.hashicorp.com/terraform/language/functions
// https://opentofu.org/docs/language/functions/
var functions map[string]funcDef

func init() { // some functions evaluate templates, which call functions
	functions = map[string]funcDef{
		// numbers
		"abs": {min: 1, max: 1, call: library(stdlib.AbsoluteFunc)}, "ceil": {min: 1, max: 1, call: library(stdlib.CeilFunc)},
		"floor": {min: 1, max: 1, call: library(stdlib.FloorFunc)}, "log": {min: 2, max: 2, call: library(stdlib.LogFunc)},
		"max": {min: 1, max: -1, call: library(stdlib.MaxFunc)}, "min": {min: 1, max: -1, call: library(stdlib.MinFunc)},
		"parseint": {min: 2, max: 2, call: library(stdlib.ParseIntFunc)}, "pow": {min: 2, max: 2, call: library(stdlib.PowFunc)},
		"signum": {min: 1, max: 1, call: library(stdlib.SignumFunc)}, "sum": {min: 1, max: 1, call: sum},

		// strings
		"chomp": {min: 1, max: 1, call: trimmed(nil, lineEnd)}, "endswith": {min: 2, max: 2, call: endsWith},
		"format": {min: 1, max: -1, call: format}, "formatlist": {min: 1, max: -1, call: formatList}, "indent": {min: 2, max: 2, call: indent},
		"join": {min: 1, max: -1, call: join}, "lower": {min: 1, max: 1, call: cased(stdlib.LowerFunc)}, "upper": {min: 1, max: 1, call: cased(stdlib.UpperFunc)},
		"title": {min: 1, max: 1, call: cased(stdlib.TitleFunc)}, "regex": {min: 2, max: 2, call: matched(library(stdlib.RegexFunc))},
		"regexall": {min: 2, max: 2, call: matched(library(stdlib.RegexAllFunc))}, "replace": {min: 3, max: 3, call: replace},
		"split": {min: 2, max: 2, call: split}, "startswith": {min: 2, max: 2, call: startsWith}, "strcontains": {min: 2, max: 2, call: strContains},
		"strrev": {min: 1, max: 1, call: library(stdlib.ReverseFunc)}, "substr": {min: 3, max: 3, call: substr},
		"trim": {min: 2, max: 2, call: trimSet}, "trimprefix": {min: 2, max: 2, call: trimPrefix},
		"trimsuffix": {min: 2, max: 2, call: trimSuffix}, "trimspace": {min: 1, max: 1, call: trimmed(unicode.IsSpace, unicode.IsSpace)},

		// collections
		"alltrue": {min: 1, max: 1, call: allTrue}, "anytrue": {min: 1, max: 1, call: anyTrue},
		"chunklist": {min: 2, max: 2, call: chunkList}, "coalesce": {min: 1, max: -1, call: coalesce, many: true},
		"coalescelist": {min: 1, max: -1, call: coalesceList, many: true}, "compact": {min: 1, max: 1, call: compact},
		"concat": {min: 1, max: -1, call: concat, many: true}, "contains": {min: 2, max: 2, call: contains}, "distinct": {min: 1, max: 1, call: distinct},
		"element": {min: 2, max: 2, call: elementOf}, "flatten": {min: 1, max: 1, call: flatten}, "index": {min: 2, max: 2, call: indexOf},
		"keys": {min: 1, max: 1, call: keys}, "length": {min: 1, max: 1, call: length}, "lookup": {min: 2, max: 3, call: lookup},
		"matchkeys": {min: 3, max: 3, call: matchKeys}, "merge": {min: 0, max: -1, call: merge, many: true}, "one": {min: 1, max: 1, call: one},
		"range": {min: 1, max: 3, call: library(stdlib.RangeFunc)}, "reverse": {min: 1, max: 1, call: reverse},
		"setintersection": {min: 1, max: -1, call: setIntersection}, "setproduct": {min: 1, max: -1, call: setProduct},
		"setsubtract": {min: 2, max: 2, call: setSubtract}, "setunion": {min: 1, max: -1, call: setUnion, many: true}, "slice": {min: 3, max: 3, call: slice},
		"sort": {min: 1, max: 1, call: sortStrings}, "transpose": {min: 1, max: 1, call: transpose}, "values": {min: 1, max: 1, call: values},
		"zipmap": {min: 2, max: 2, call: zipMap},

		// encodings
		"base64decode": {min: 1, max: 1, call: inverse("base64encode", onText(base64Decode))}, "base64encode": {min: 1, max: 1, call: inverse("base64decode", onText(base64Encode))},
		"base64gzip": {min: 1, max: 1, call: inverse("base64gunzip", onText(base64Gzip))}, "base64gunzip": {min: 1, max: 1, call: inverse("base64gzip", onText(base64Gunzip))},
		"csvdecode": {min: 1, max: 1, call: library(stdlib.CSVDecodeFunc)}, "jsondecode": {min: 1, max: 1, call: jsonDecode},
		"jsonencode": {min: 1, max: 1, call: jsonEncode}, "textdecodebase64": {min: 2, max: 2, call: inverse("textencodebase64", onText2(textDecode))},
		"textencodebase64": {min: 2, max: 2, call: inverse("textdecodebase64", onText2(textEncode))}, "urlencode": {min: 1, max: 1, call: inverse("urldecode", onText(urlEncode))},
		"urldecode": {min: 1, max: 1, call: inverse("urlencode", onText(urlDecode))}, "yamldecode": {min: 1, max: 1, call: inverse("yamlencode", yamlDecode)},
		"yamlencode": {min: 1, max: 1, call: yamlEncode},

		// files of the input
		"abspath": {min: 1, max: 1, is: unknowable}, "pathexpand": {min: 1, max: 1, is: unknowable},
		"basename": {min: 1, max: 1, call: baseName}, "dirname": {min: 1, max: 1, call: dirName},
		"file": {min: 1, max: 1, call: file}, "filebase64": {min: 1, max: 1, call: onFile(base64Encode)}, "fileexists": {min: 1, max: 1, call: fileExists},
		"fileset": {min: 2, max: 2, call: fileSet}, "templatefile": {min: 2, max: 2, call: templateFile},
		"filebase64sha256": {min: 1, max: 1, call: onFile(base64SHA256)}, "filebase64sha512": {min: 1, max: 1, call: onFile(base64SHA512)},
		"filemd5": {min: 1, max: 1, call: onFile(hexMD5)}, "filesha1": {min: 1, max: 1, call: onFile(hexSHA1)},
		"filesha256": {min: 1, max: 1, call: onFile(hexSHA256)}, "filesha512": {min: 1, max: 1, call: onFile(hexSHA512)},

		// time
		"formatdate": {min: 2, max: 2, call: library(stdlib.FormatDateFunc)}, "timeadd": {min: 2, max: 2, call: library(stdlib.TimeAddFunc)},
		"timecmp": {min: 2, max: 2, call: timeCompare}, "timestamp": {min: 0, max: 0, is: unknowable}, "plantimestamp": {min: 0, max: 0, is: unknowable},

		// hashes and keys
		"base64sha256": {min: 1, max: 1, call: onText(base64SHA256)}, "base64sha512": {min: 1, max: 1, call: onText(base64SHA512)},
		"md5": {min: 1, max: 1, call: onText(hexMD5)}, "sha1": {min: 1, max: 1, call: onText(hexSHA1)}, "sha256": {min: 1, max: 1, call: onText(hexSHA256)},
		"sha512": {min: 1, max: 1, call: onText(hexSHA512)}, "uuidv5": {min: 2, max: 2, call: onText2(uuidV5)},
		"uuid": {min: 0, max: 0, is: unknowable}, "bcrypt": {min: 1, max: 2, is: unknowable}, "rsadecrypt": {min: 2, max: 2, is: unknowable},

		// addresses
		"cidrhost": {min: 2, max: 2, call: cidrHost}, "cidrnetmask": {min: 1, max: 1, call: onText(cidrNetmask)},
		"cidrsubnet": {min: 3, max: 3, call: cidrSubnet}, "cidrsubnets": {min: 1, max: -1, call: cidrSubnets}, "cidrcontains": {min: 2, max: 2, call: cidrContains},

		// types
		"issensitive": {min: 1, max: 1, is: unknowable}, "nonsensitive": {min: 1, max: 1, call: argument}, "sensitive": {min: 1, max: 1, call: sensitive},
		"ephemeralasnull": {min: 1, max: 1, call: argument}, "type": {min: 1, max: 1, is: unknowable},
		"tobool": {min: 1, max: 1, call: to("tobool")}, "tonumber": {min: 1, max: 1, call: to("tonumber")}, "tostring": {min: 1, max: 1, call: to("tostring")},
		"tolist": {min: 1, max: 1, call: to("tolist")}, "toset": {min: 1, max: 1, call: to("toset")}, "tomap": {min: 1, max: 1, call: to("tomap")},

		// functions of providers
		"provider::aws::arn_build": {min: 5, max: 5, call: arnBuild}, "provider::aws::arn_parse": {min: 1, max: 1, call: arnParse},
		"provider::aws::trim_iam_role_path":  {min: 1, max: 1, call: trimRolePath},
		"provider::terraform::encode_tfvars": {min: 1, max: 1, is: unknowable}, "provider::terraform::decode_tfvars": {min: 1, max: 1, call: decodeVariables},
		"provider::terraform::encode_expr": {min: 1, max: 1, is: unknowable},
	}
}
