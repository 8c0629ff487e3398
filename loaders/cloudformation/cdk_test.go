package cloudformation

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iaclint/iaclint/analysis/source"
)

// A cloud assembly tells where its templates are deployed to, and what its
// nested stacks are made of.
func TestAssembly(t *testing.T) {
	root := fstest.MapFS{
		"cdk.out/manifest.json": {Data: []byte(`{"version": "48.0.0", "artifacts": {
			"App.assets": {"type": "cdk:asset-manifest", "properties": {"file": "App.assets.json"}},
			"App": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "App.template.json"}},
			"Any": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "Any.template.json"}},
			"Out": {"type": "aws:cloudformation:stack", "environment": "aws://1/2", "properties": {"templateFile": "../Out.template.json"}}}}`)},
		"cdk.out/App.template.json": {Data: []byte(`{"Resources": {
			"N": {"Type": "AWS::CloudFormation::Stack",
				"Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-assets/abc.json"}, "Parameters": {"Name": "x"}},
				"Metadata": {"aws:asset:path": "AppN.nested.template.json", "aws:asset:property": "TemplateURL"}}}}`)},
		"cdk.out/AppN.nested.template.json": {Data: []byte(`{"Parameters": {"Name": {"Type": "String"}}, "Resources": {
			"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}, "Metadata": {"aws:cdk:path": "App/N/T/Resource"}}}}`)},
	}
	want := []Assembly{{"App.template.json", "App", "111122223333", "eu-west-1"}, {"Any.template.json", "Any", "", ""}}
	if got := Assemblies(source.NewFile("manifest.json", root["cdk.out/manifest.json"].Data)); !slices.Equal(got, want) {
		t.Errorf("Assemblies = %v, want %v", got, want)
	}
	f := source.NewFile("cdk.out/App.template.json", root["cdk.out/App.template.json"].Data)
	blocks, _, diags := Blocks(f, Options{FS: root})
	if len(blocks) != 1 || len(diags) > 0 {
		t.Fatalf("%v %v", blocks, diags)
	}
	b := blocks[0]
	if b.Address != "N/T" || b.Account != "111122223333" || b.Region != "eu-west-1" || b.Name != "App/N/T/Resource" || show(b.Properties) != `{TopicName: "x"}` {
		t.Errorf("%+v", b)
	}
	if got := Nests(f, Options{FS: root}); !slices.Equal(got, []string{"cdk.out/AppN.nested.template.json"}) {
		t.Errorf("Nests = %v", got)
	}
	if got := Assemblies(f); got != nil {
		t.Errorf("a template is a manifest of %v", got)
	}
}

// What CfnJson says in JSON stands wherever its attribute Value is used, with
// references in keys too.
func TestJSONAttribute(t *testing.T) {
	const head = `
Parameters: {Org: {Type: String}, Issuer: {Type: String}}
Resources:
  T: {Type: AWS::SNS::Topic, Properties: {A: !GetAtt J.Value, B: [!GetAtt [J, Value]]}}
  J: {Type: "Custom::AWSCDKCfnJson", Properties: {ServiceToken: x, Value: `
	const self = `"Custom::AWSCDKCfnJson"`
	for in, want := range map[string]string{
		`'{"aws:PrincipalOrgID":"o-1"}'`:                          `{aws:PrincipalOrgID: "o-1"}`,
		`'[{"a":1},true]'`:                                        `[{a: 1}, true]`,
		`!Sub '{"aws:PrincipalOrgID":"${Org}"}'`:                  `{aws:PrincipalOrgID: "${Org}"}`,
		`!Join ["", ['{"', !Ref Issuer, ':sub":["a",', '"b"]}']]`: `{${Issuer}:sub: ["a", "b"]}`,
		`!Ref Org`:                             `?${J.Value}`,
		`!Join ["", ['{"a":', !Ref Org, '}']]`: `?${J.Value}`,
		`'{"a"'`:                               `?${valid JSON at a.yaml:5:80}`,
	} {
		got := blocksOf("a.yaml", head+in+"}}\n", Options{})
		if whole := "T AWS::SNS::Topic {A: " + want + ", B: [" + want + "]}"; got != whole {
			t.Errorf("%s\n got %s\nwant %s", in, got, whole)
		}
	}
	const circle = "Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {A: !GetAtt J.Value}}\n  J: {Type: " + self + ", Properties: {Value: !GetAtt J.Value}}\n"
	if got := blocksOf("a.yaml", circle, Options{}); !strings.Contains(got, "depends on itself") {
		t.Errorf("got %s", got)
	}
}
