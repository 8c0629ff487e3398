package catalog

import (
	"strings"

	"github.com/iaclint/iaclint/analysis/once"
	"github.com/iaclint/iaclint/analysis/policy"
	"github.com/iaclint/iaclint/analysis/resource"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/grants"
)

const (
	layerARN     = "arn:{partition}:lambda:{region}:{account}:layer:{name}:{Version}"
	layerVersion = "arn:{partition}:lambda:{region}:{account}:layer:{name}:{version}"
)

var lambdaRows = []Row{
	{
		Kind:      functionKind,
		ARN:       "arn:{partition}:lambda:{region}:{account}:function:{name}",
		Qualified: true,
		Combined:  "permissions of the function, its versions and aliases; function URLs",
		Resource: []Form{
			{Type: "AWS::Lambda::Function", Name: "FunctionName"},
			{Type: "aws_lambda_function", Name: "function_name", Attr: map[string]string{
				"invoke_arn":    "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
				"qualified_arn": "{arn}:{version}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::Lambda::Permission", Of: p("FunctionName"), Read: permission, Where: "Principal"},
			{Type: "AWS::Lambda::ResourcePolicy", Of: p("ResourceArn"), Policy: p("PolicyDocument")},
			{Type: "AWS::Lambda::Url", Of: p("TargetFunctionArn"), Setting: true, Where: "AuthType; it takes a permission beside it"},
			{Type: "aws_lambda_permission", Of: p("function_name"), Read: permission, Where: "principal"},
			{Type: "aws_lambda_function_url", Of: p("function_name"), Read: functionURL, Where: "authorization_type: NONE adds its permissions"},
		},
		FromParts: functionFromParts,
	},
	{
		Kind:     "AWS::Lambda::LayerVersion",
		ARN:      "arn:{partition}:lambda:{region}:{account}:layer:{name}:*",
		Combined: "permissions of the version",
		Resource: []Form{
			{Type: "AWS::Lambda::LayerVersion", Name: "LayerName", ARN: layerARN, Attr: map[string]string{"Ref": layerARN, "LayerVersionArn": layerARN}},
			{Type: "aws_lambda_layer_version", Name: "layer_name", ARN: layerVersion, Attr: map[string]string{
				"id": layerVersion, "arn": layerVersion, "layer_arn": "arn:{partition}:lambda:{region}:{account}:layer:{name}", "version": "{version}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::Lambda::LayerVersionPermission", Of: p("LayerVersionArn"), Read: layerPermission, Where: "Principal"},
			{Type: "aws_lambda_layer_version_permission", Of: p("layer_name"), Read: layerPermission, Where: "principal"},
		},
	},
}

// A Region and an account in what names a function.
var (
	regionForm  = once.Regexp(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	accountForm = once.Regexp(`^[0-9]{12}$`)
)

// functionFromParts reads a partial ARN of a function: its Region, its account and
// the word "function" may each be left out, and a version or an alias may follow.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func functionFromParts(t value.Text, b Block) (value.Text, bool) {
	region, account := own(b, value.OwnRegion), own(b, value.OwnAccount)
	rest := sections(t, 1<<10)
	if len(rest) > 1 && (regionForm().MatchString(rest[0].Literal) || means(rest[0], value.OwnRegion)) {
		region, rest = rest[0], rest[1:]
	}
	if len(rest) > 1 && (accountForm().MatchString(rest[0].Literal) || means(rest[0], value.OwnAccount)) {
		account, rest = rest[0], rest[1:]
	}
	if len(rest) > 1 && rest[0].Literal == "function" {
		rest = rest[1:]
	}
	if len(rest) > 2 {
		return value.Text{}, false
	}
	colon := value.Lit(":")
	return value.Join(value.Lit("arn:"), own(b, value.OwnPartition), value.Lit(":lambda:"), region, colon, account, value.Lit(":function:"), joined(rest)), true
}

// means reports whether a text is one reference to what a deployment has.
func means(t value.Text, is value.Meaning) bool {
	return len(t.Parts) == 1 && t.Parts[0].Ref != nil && t.Parts[0].Ref.Is == is
}

// permission reads AWS::Lambda::Permission or aws_lambda_permission.
//
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func permission(b *building, block Block) {
	get := getter(block)
	sid, _ := written(block.Properties, "statement_id")
	s := b.Permission(grants.Permission{
		Span:             block.Span,
		Sid:              sid.String(),
		Action:           get("Action", "action"),
		Principal:        get("Principal", "principal"),
		SourceARN:        get("SourceArn", "source_arn"),
		SourceAccount:    get("SourceAccount", "source_account"),
		OrganizationID:   get("PrincipalOrgID", "principal_org_id"),
		URLAuthType:      get("FunctionUrlAuthType", "function_url_auth_type"),
		EventSourceToken: get("EventSourceToken", "event_source_token"),
		ByURL:            get("InvokedViaFunctionUrl", "invoked_via_function_url"),
	}, b.functionARN(block))
	b.addStatement(s, block)
}

// getter returns the value of a property that each language has its name for.
func getter(block Block) func(names ...string) value.Value {
	return func(names ...string) value.Value {
		for _, name := range names {
			if v := one(block.Properties, name); v.Kind != value.Absent {
				return v
			}
		}
		return value.Value{}
	}
}

// functionARN is what a permission is for: the function, or a version or alias
// of it.
func (b *building) functionARN(block Block) value.Text {
	var arn value.Text
	for _, path := range []string{"FunctionName", "TargetFunctionArn", "function_name"} {
		if t, ok := written(block.Properties, path); ok && !anything(t) {
			arn = b.row.arnOf(t, block)
		}
	}
	if arn.Literal == "" && arn.Parts == nil {
		arn = b.res.ARN
	}
	for _, path := range []string{"Qualifier", "qualifier"} {
		if q, ok := written(block.Properties, path); ok {
			arn = value.Join(arn, value.Lit(":"), q)
		}
	}
	if arn.Literal == "" && arn.Parts == nil {
		return value.Lit("*")
	}
	return arn
}

// addStatement adds a document of one statement.
func (b *building) addStatement(s policy.Statement, block Block) {
	doc := &policy.Document{Span: block.Span, Version: "2012-10-17", Statements: []policy.Statement{s}}
	b.add(resource.Document{Policy: b.joiner.seenDocument(doc, block.Scope)}, block)
}

// functionURL: the provider adds the permissions of an open URL.
//
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function_url
func functionURL(b *building, block Block) {
	auth := one(block.Properties, "authorization_type")
	text, known := auth.Text.Known()
	if known && auth.Kind != value.Unknown && !strings.EqualFold(text, "NONE") {
		return
	}
	doc := grants.OpenURL(auth.Span, b.functionARN(block))
	if auth.Kind == value.Unknown || !known {
		for i := range doc.Statements {
			s := &doc.Statements[i]
			s.Condition = append(s.Condition, policy.Condition{Span: auth.Span, KeySpan: auth.Span, Values: []policy.Pattern{{Text: b.Text(auth, "authorization_type", block.Span), Span: auth.Span}}})
		}
	}
	b.add(resource.Document{Policy: doc}, block)
}

// layerPermission reads AWS::Lambda::LayerVersionPermission or
// aws_lambda_layer_version_permission.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
func layerPermission(b *building, block Block) {
	get := getter(block)
	arn := b.res.ARN
	if arn.Literal == "" && arn.Parts == nil {
		arn = value.Lit("*")
	}
	s := b.Permission(grants.Permission{
		Span:           block.Span,
		Action:         get("Action", "action"),
		Principal:      get("Principal", "principal"),
		OrganizationID: get("OrganizationId", "organization_id"),
	}, arn)
	b.addStatement(s, block)
}

const functionKind = "AWS::Lambda::Function"
