// Package catalog knows the resource types of CloudFormation and Terraform that
// decide who can reach something: what each is called, where its policies,
// grants and settings are, how its ARN is formed, and how one attaches to
// another. It joins the blocks that a loader has evaluated into resources, and
// knows no syntax.
package catalog

import (
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/existence"
)

// Language that a block is written in.
type Language uint8

const (
	CloudFormation Language = iota
	Terraform
)

// Block is one resource that the code declares, with its properties evaluated
// as far as they can be.
type Block struct {
	Type    string // AWS::S3::Bucket, aws_s3_bucket
	Address string // logical id, Terraform address
	// ID makes the names that AWS will give to the block; "" is the address. It
	// differs where one declaration stands for several blocks.
	ID   string
	Path string // of the file, as reports show it
	Span source.Span
	// Properties is a Map, spelt as the language spells them. In Terraform a
	// nested block is a List of Maps. What is not known is Unknown, or a text
	// with references.
	Properties value.Value
	// Refers has, for a property that is nothing but a reference to another block,
	// the address of that block, where the loader knows it: it is meant even if
	// others have the same name.
	Refers map[string]string
	// Vague has, for a property that is not known and refers to what the loader
	// cannot follow, the address of the module that it is written in: any resource
	// there may be meant.
	Vague map[string]string
	// Scope is the deployment that the block belongs to: a provider
	// configuration with its own credentials; "" is the only one.
	Scope   string
	Account string // id of the scope's account, where the code tells it
	Region  string // of the block, where the code tells it
	Name    string // for people: the construct path of CDK
	// When are the conditions under which the block is declared like this; all of
	// them hold. The contrary of "X holds" is "X does not hold", of "X is not 0"
	// "X is 0", of any other "X" "not X". A block may be listed several times with
	// one address, once for each case.
	When []string
	// Terms say what the conditions of the input stand for, the same in all blocks of
	// one; nil: nothing is known of them.
	Terms   *existence.Terms
	Related []resource.Related
	Notes   []string
	// Documents are the blocks that Properties were read from and that hold no
	// resource of their own, such as data.aws_iam_policy_document.x: they are
	// listed among the attachments.
	Documents []string
	// Given are names that AWS gave to what the code leaves to it, where an export of
	// the account tells: by attribute, "" being what Ref gives.
	Given map[string]string
}
