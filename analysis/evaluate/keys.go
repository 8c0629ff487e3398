package evaluate

import (
	"maps"
	"slices"
)

// globalKey says what the values of a condition key look like.
type globalKey struct {
	form  form
	multi bool // may carry several values
}

type form uint8

const (
	text form = iota
	boolean
	numeric
	instant
	address
	arnForm
)

// globalKeys are the keys that any service can send, by their lower-case
// spelling. Values of keys that are not listed, such as later ones, are not
// checked. Read November 2026:
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var globalKeys = map[string]globalKey{
	"aws:calledvia":                 {multi: true},
	"aws:calledviafirst":            {},
	"aws:calledvialast":             {},
	"aws:currenttime":               {form: instant},
	"aws:ec2instancesourcevpc":      {},
	"aws:epochtime":                 {form: instant},
	"aws:federatedprovider":         {},
	"aws:multifactorauthage":        {form: numeric},
	"aws:multifactorauthpresent":    {form: boolean},
	"aws:principalaccount":          {},
	"aws:principalarn":              {form: arnForm},
	"aws:principalisawsservice":     {form: boolean},
	"aws:principalorgid":            {},
	"aws:principalorgpaths":         {multi: true},
	"aws:principalservicename":      {},
	"aws:principalservicenameslist": {multi: true},
	"aws:principaltype":             {},
	"aws:referer":                   {},
	"aws:requestedregion":           {},
	"aws:resourceaccount":           {},
	"aws:resourceorgid":             {},
	"aws:resourceorgpaths":          {multi: true},
	"aws:securetransport":           {form: boolean},
	"aws:sourceaccount":             {},
	"aws:sourcearn":                 {form: arnForm},
	"aws:sourceidentity":            {},
	"aws:sourceip":                  {form: address},
	"aws:sourceorgid":               {},
	"aws:sourceorgpaths":            {multi: true},
	"aws:sourceowner":               {},
	"aws:sourcevpc":                 {},
	"aws:sourcevpcarn":              {form: arnForm},
	"aws:sourcevpce":                {},
	"aws:tagkeys":                   {multi: true},
	"aws:tokenissuetime":            {form: instant},
	"aws:useragent":                 {},
	"aws:userid":                    {},
	"aws:username":                  {},
	"aws:viaawsservice":             {form: boolean},
	"aws:vpceaccount":               {},
	"aws:vpceorgid":                 {},
	"aws:vpceorgpaths":              {multi: true},
	"aws:vpcsourceip":               {form: address},
	"ec2:sourceinstancearn":         {form: arnForm},
	"lambda:sourcefunctionarn":      {form: arnForm},
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
