package catalog

import (
	"slices"
	"strings"
	"sync"

	"github.com/iaclint/iaclint/analysis/knowledge"
	"github.com/iaclint/iaclint/analysis/value"
)

// Row is one resource type: what declares it in either language, what attaches
// to it, and what of both decides who can reach it.
//
// Templates of names and ARNs are texts with words in braces:
//
//	{partition} {region} {account} {suffix}   of the deployment
//	{arn}                                     the ARN of the row
//	{name}                                    the name of the block
//	{Queue}                                   a property's text, or else a name that AWS will give
//	{random:6}                                as many characters, which AWS puts behind the name
//	{path:Path}                               a path of IAM, "/" if none is written
//	{issuer:Url}                              a URL without its scheme
//	{function:Function}                       the ARN of the function that a property names
//	{Name|}                                   a property's text, or else what Ref gives
type Row struct {
	Kind     string // name in analysis/knowledge
	ARN      string // template
	Resource []Form // what declares it
	Parts    []Form // what attaches to it
	// Qualified: a part may name the resource with something behind a colon, as
	// a function's version.
	Qualified bool
	// FromURL makes an ARN of a text that names the resource otherwise. In the
	// text a reference is one character, see marked.
	FromURL func(text string) (arn string, ok bool)
	// FromParts does the same for a text with references in it, in a block.
	FromParts func(value.Text, Block) (arn value.Text, ok bool)
	// Settle adds what holds beside what is written, once all parts are read.
	Settle func(*building)
	// OnlyWithPolicy: the resource is listed only if something grants on it,
	// because the block declares another one.
	OnlyWithPolicy bool
	// Several policies of the resource are in force together.
	Several  bool
	Combined string // for people: what decides together
}

// Form is how one type of one language is read.
type Form struct {
	Type string // AWS::SQS::Queue, aws_sqs_queue
	// Name is the property that names the resource; "" when AWS does.
	Name string
	ARN  string            // template, where it is not the row's
	Attr map[string]string // what references to the block give, as templates
	// Of are the properties of a part, in the order of preference, that name
	// what it belongs to. "*" is every resource of the kind in the account.
	Of []string
	// Default is what Of names when it is not written.
	Default string
	// Policy are the paths of policy documents. In a list the path goes on in
	// every item.
	Policy []string
	Read   func(*building, Block) // what paths cannot tell
	// Has, when not nil, are properties of which the block must have one to be
	// of this row.
	Has []string
	// Inside names the row whose documents are read for this part: an access
	// point is a part of its bucket, and a row of its own.
	Inside string
	// AnyARN: requests name something else than the resource that the policy is on.
	AnyARN bool
	// Setting: the part grants nothing by itself.
	Setting bool
	// Aside: without its resource the part says nothing, and is not listed.
	Aside bool
	// ByName: Of is a plain name and never an ARN.
	ByName bool
	// Global: what is set for the account holds in all Regions.
	Global bool
	// Where is for people: where the policy sits, if no path says so.
	Where string
}

// rows are all resource types, in the order of the documentation.
func rows() []Row { return index().rows }

// place is where a type is in the rows.
type place struct {
	row  *Row
	form *Form
	part bool
}

type table struct {
	rows  []Row
	types map[string][]place
	kinds map[string]*Row
}

var index = sync.OnceValue(func() *table {
	t := &table{types: map[string][]place{}, kinds: map[string]*Row{}}
	for _, list := range [][]Row{
		s3Rows, iamRows, kmsRows, sqsRows, snsRows, lambdaRows, secretsmanagerRows, dynamodbRows, efsRows, ecrRows, ec2Rows, rdsRows, s3objectlambdaRows, s3outpostsRows, s3tablesRows, s3vectorsRows, s3filesRows, backupRows, lightsailRows, omicsRows, apigatewayRows, opensearchRows, cloudsearchRows, vpclatticeRows, mediastoreRows, mediapackageRows, mediatailorRows, rumRows, kinesisRows, eventsRows, logsRows, oamRows, xrayRows, apsRows, cloudtrailRows, mskRows, osisRows, glueRows, lakeformationRows, redshiftRows, sagemakerRows, lexRows, bedrockRows, comprehendRows, entityresolutionRows, qbusinessRows, dsqlRows, codeartifactRows, codebuildRows, codeguruprofilerRows, signerRows, sesRows, ssmRows, smsvoiceRows, aiopsRows, organizationsRows, acmpcaRows, paymentcryptographyRows, networkfirewallRows, ramRows, servicecatalogRows, configRows, globalacceleratorRows, licensemanagerRows, route53Rows, iotRows,
	} {
		t.rows = append(t.rows, list...)
	}
	for i := range t.rows {
		row := &t.rows[i]
		t.kinds[row.Kind] = row
		for j := range row.Resource {
			t.add(place{row, &row.Resource[j], false})
		}
		for j := range row.Parts {
			t.add(place{row, &row.Parts[j], true})
		}
	}
	return t
})

func (t *table) add(p place) {
	t.types[p.form.Type] = append(t.types[p.form.Type], p)
}

// Relevant reports whether a type declares a resource that the catalogue has,
// something that attaches to one, or what another is called.
func Relevant(l Language, typ string) bool {
	return l == languageOf(typ) && (len(index().types[typ]) > 0 || naming[typ])
}

// Owners returns the properties of a type that name what it belongs to, as paths.
func Owners(typ string) []string {
	var out []string
	for _, p := range index().types[typ] {
		for _, path := range p.form.Of {
			if path != "*" && !slices.Contains(out, path) {
				out = append(out, path)
			}
		}
	}
	return out
}

// naming are the types that only name other resources, or whom policies name.
var naming = map[string]bool{
	"AWS::KMS::Alias": true, "aws_kms_alias": true,
	"AWS::CloudFront::CloudFrontOriginAccessIdentity": true, "aws_cloudfront_origin_access_identity": true,
	"aws_iam_role_policy_attachment": true, "aws_iam_role_policy_attachments_exclusive": true, "aws_iam_policy_attachment": true,
	"aws_iam_user_policy_attachment": true, "aws_iam_group_policy_attachment": true, "aws_iam_user_policy_attachments_exclusive": true,
	"aws_iam_group_policy_attachments_exclusive": true, "aws_iam_user": true,
}

func languageOf(typ string) Language {
	if strings.Contains(typ, "::") {
		return CloudFormation
	}
	return Terraform
}

// kind of a row.
func (r *Row) kind() *knowledge.Kind {
	k, ok := knowledge.KindOf(r.Kind)
	if !ok {
		panic("no kind " + r.Kind)
	}
	return k
}
