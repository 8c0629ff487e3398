package cloudformation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// prelude is the template around the value of a test.
const prelude = `
Parameters:
  Open: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Name: {Type: String, Default: logs}
  Count: {Type: Number, Default: 2}
  Accounts: {Type: CommaDelimitedList, Default: "111122223333, 444455556666"}
  Groups: {Type: "List<AWS::EC2::SecurityGroup::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/image}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
Mappings:
  Regions:
    us-east-1: {Id: "127311923021", Zones: [a, b]}
    eu-west-1: {Id: "156460612806", Zones: [c]}
  Stage:
    dev: {Id: "111111111111"}
    prod: {Id: "222222222222"}
Conditions:
  Yes: !Equals [!Ref Name, logs]
  No: !Not [!Condition Yes]
Resources:
  Topic: {Type: "AWS::SNS::Topic"}
  Vpc: {Type: "AWS::EC2::VPC"}
  Lambda: {Type: "Custom::Thing"}
  It:
    Type: AWS::SNS::Topic
    Properties:
      V: `

// evaluate returns the property V of a template and the errors, in one line.
func evaluate(t *testing.T, expression string, o Options) string {
	t.Helper()
	f := source.NewFile("t.yaml", []byte(prelude+expression))
	blocks, _, diags := Blocks(f, o)
	var out []string
	for _, b := range blocks {
		if b.Address == "It" {
			out = append(out, show(b.Properties.Get("V")))
		}
	}
	for _, d := range diags {
		_, at := d.Where()
		start, _ := d.Span.Range(source.Runes)
		out = append(out, fmt.Sprintf("%s %d:%d: %s", d.Severity, at.Line-strings.Count(prelude, "\n"), start.Column, d.Message))
	}
	return strings.Join(out, "\n")
}

func TestFunctions(t *testing.T) {
	tests := []struct{ in, want string }{
		// Scalars are what is written.
		{`012345678901`, `"012345678901"`},
		{`123456789012`, `123456789012`},
		{`2012-10-17`, `"2012-10-17"`},
		{`No`, `"No"`},
		{`True`, `true`},
		{`~`, `null`},

		{`!Ref Name`, `"logs"`},
		{`{Ref: Name}`, `"logs"`},
		{`!Ref Count`, `2`},
		{`!Ref Open`, `?${Open}`},
		{`!Ref Env`, `?${Env of dev|prod}`},
		{`!Ref Accounts`, `["111122223333", "444455556666"]`},
		{`!Ref Groups`, `?${Groups}`},
		{`!Ref Image`, `?${Image}`},
		{`!Ref Secret`, `?${Secret}`},
		{`!Ref Topic`, `"arn:${own partition is own partition}:sns:${own region is own region}:${own account is own account}:${Topic is own name}"`},
		{`!Ref Vpc`, `"${Vpc is own name}"`},
		{`!Ref Lambda`, `?${Lambda}`},
		{`!Ref AWS::AccountId`, `"${AWS::AccountId is own account}"`},
		{`!Ref AWS::Region`, `"${AWS::Region is own region}"`},
		{`!Ref AWS::Partition`, `"${AWS::Partition is own partition}"`},
		{`!Ref AWS::URLSuffix`, `"${AWS::URLSuffix is own domain suffix}"`},
		{`!Ref AWS::StackName`, `"${AWS::StackName is own name}"`},
		{`!Ref AWS::NotificationARNs`, `?${AWS::NotificationARNs}`},
		{`!Ref AWS::NoValue`, `absent`},
		{`[a, !Ref AWS::NoValue, b]`, `["a", "b"]`},
		{`{a: !Ref AWS::NoValue, b: c}`, `{b: "c"}`},

		{`!GetAtt Topic.TopicName`, `"${Topic is own name}"`},
		{`!GetAtt Vpc.CidrBlock`, `?${Vpc.CidrBlock}`},
		{`!GetAtt [Vpc, VpcId]`, `"${Vpc.VpcId is own name}"`},
		{`{"Fn::GetAtt": [Lambda, Data.Arn]}`, `?${Lambda.Data.Arn}`},

		{`!Sub "a-${Name}-${Count}"`, `"a-logs-2"`},
		{`!Sub "arn:${AWS::Partition}:iam::${Open}:root"`, `"arn:${AWS::Partition is own partition}:iam::${Open}:root"`},
		{`!Sub ["${A}/${Name}", {A: !Ref Open}]`, `"${Open}/logs"`},
		{`!Sub "home/${!aws:username}"`, `"home/${aws:username}"`},
		{`!Sub "${Topic.TopicName}"`, `"${Topic is own name}"`},
		{`!Sub "no variable $ { }"`, `"no variable $ { }"`},
		{`!Sub "{{resolve:ssm:/${Open}/x}}-a"`, `"${{{resolve:ssm:/${Open}/x}}}-a"`},
		{`"{{resolve:secretsmanager:s:SecretString:p}}"`, `"${{{resolve:secretsmanager:s:SecretString:p}}}"`},
		{`"{{resolve:open ended"`, `"{{resolve:open ended"`},

		{`!Join ["", [arn, ":", !Ref Open]]`, `"arn:${Open}"`},
		{`!Join [",", !Ref Accounts]`, `"111122223333,444455556666"`},
		{`!Join [",", !Ref Groups]`, `"${Groups}"`},
		{`!Join ["-", [a, !Ref AWS::NoValue, 1, true]]`, `"a-1-true"`},
		{`!Select [1, !Ref Accounts]`, `"444455556666"`},
		{`!Select ["0", [a, b]]`, `"a"`},
		{`!Select [0, !Ref Groups]`, `?${item 0 of Groups}`},
		{`!Split [",", "a,b"]`, `["a", "b"]`},
		{`!Split [":", !Sub "arn:${AWS::Partition}:x"]`, `["arn", "${AWS::Partition is own partition}", "x"]`},
		{`!Split [":", !Sub "arn:${Open}:x"]`, `?${parts of Open}`},
		{`!Select [1, !Split ["-", !Sub "a-${Env}"]]`, `"${Env of dev|prod}"`},
		{`!If [Yes, a, b]`, `"a"`},
		{`!If [No, a, !Ref AWS::NoValue]`, `absent`},
		{`[!If [No, a, !Ref AWS::NoValue], b]`, `["b"]`},
		{`!If [Yes, {a: !Ref Name}, b]`, `{a: "logs"}`},
		{`!FindInMap [Regions, us-east-1, Id]`, `"127311923021"`},
		{`!FindInMap [Regions, us-east-1, Zones]`, `["a", "b"]`},
		{`!FindInMap [Regions, !Ref AWS::Region, Id]`, `?${Fn::FindInMap Regions.${AWS::Region}.Id of 127311923021|156460612806}`},
		{`!FindInMap [Stage, !Ref Env, Id]`, `?${Fn::FindInMap Stage.${Env}.Id of 111111111111|222222222222}`},
		{`!FindInMap [Regions, mars, Id, {DefaultValue: !Ref Name}]`, `"logs"`},
		{`!FindInMap [Regions, !Ref Open, Zones]`, `?${Fn::FindInMap Regions.${Open}.Zones}`},
		{`!Base64 abc`, `"YWJj"`},
		{`!Base64 {Ref: Open}`, `?${Fn::Base64 of Open}`},
		{`!Cidr [10.0.0.0/16, 2, 8]`, `["10.0.0.0/24", "10.0.1.0/24"]`},
		{`!Cidr [!Ref Open, 2, 8]`, `?${Fn::Cidr of ${Open}}`},
		{`!GetAZs ""`, `?${Fn::GetAZs}`},
		{`!ImportValue {"Fn::Sub": "${Name}-arn"}`, `?${Fn::ImportValue logs-arn}`},
		{`!Length [a, b, c]`, `3`},
		{`!Length {Ref: Groups}`, `?${length of Groups}`},
		{`!Join ["", [!ToJsonString {a: !Ref Open, b: [1, "x\"y"]}]]`, `"{\"a\":\"${Open}\",\"b\":[1,\"x\\\"y\"]}"`},

		// Policies written as text.
		{`!Sub '{"Statement": {"Principal": "${Open}", "Action": "${Name}:*"}}'`, `{Statement: {Principal: "${Open}", Action: "logs:*"}}`},
		{`'{"Statement": [{"Effect": "Allow"}]}'`, `{Statement: [{Effect: "Allow"}]}`},
		{`!ToJsonString {Statement: {Principal: !Ref Open}}`, `{Statement: {Principal: ?${Open}}}`},
		{`!Join ["", ['{"Statement":{"Principal":{"AWS":"', !Ref Open, '"}}}']]`, `{Statement: {Principal: {AWS: "${Open}"}}}`},
		{`!Sub '{"Statement": {"Principal": ${Open}}}'`, `{Statement: {Principal: ?${Open}}}`},
		{`!Sub '{"Statement": {"StringEquals": {"${Name}:sub": "a"}}}'`, `{Statement: {StringEquals: {logs:sub: "a"}}}`},
		{`'{"Statement": broken'`, `?${valid JSON at t.yaml:28:25}`},
		{`!Sub '{"Statement": [{"Effect": "${Open}"},]}'`, `?${valid JSON at t.yaml:28:53}`},
		{`!Sub '{"Statement": [{"Effect": ${Open}},]}'`, `"{\"Statement\": [{\"Effect\": ${Open}},]}"`}, // the rest of the text may be in it
	}
	for _, tt := range tests {
		if got := evaluate(t, tt.in, Options{}); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// What is declared of the deployment settles what depends on it; as part of a
// name it stays what it is.
func TestDeployment(t *testing.T) {
	o := Options{Account: "111122223333", Region: "us-east-1"}
	for in, want := range map[string]string{
		`!FindInMap [Regions, !Ref AWS::Region, Id]`:                          `"127311923021"`,
		`!Select [0, !Split ["-", !Ref AWS::Region]]`:                         `"us"`,
		`!Sub "${AWS::Region}-${AWS::AccountId}"`:                             `"${AWS::Region is own region}-${AWS::AccountId is own account}"`,
		`!If [{"Fn::Equals": [!Ref AWS::Partition, aws]}, a, b]`:              `"a"`,
		`!If [{"Fn::Equals": [!Ref AWS::URLSuffix, amazonaws.com.cn]}, a, b]`: `"b"`,
		`!If [{"Fn::Equals": [!Ref AWS::AccountId, "444455556666"]}, a, b]`:   `"b"`,
		`!If [{"Fn::Equals": [!Sub "x-${AWS::Region}", x-us-east-1]}, a, b]`:  `"a"`,
	} {
		if got := evaluate(t, in, o); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// What a function cannot take is said at its place, and the value is unknown.
func TestFaults(t *testing.T) {
	tests := []struct{ in, want string }{
		{`!Ref [a]`, `expected the name of a parameter or resource for "Ref", found list`},
		{`!Ref Toopic`, `"Toopic" is neither a parameter nor a resource of the template; did you mean "Topic"?`},
		{`!GetAtt Topic`, `expected "Resource.Attribute" for "Fn::GetAtt", found "Topic"`},
		{`!GetAtt {a: b}`, `expected "Resource.Attribute", or a list of the two, for "Fn::GetAtt", found object`},
		{`!GetAtt Name.Arn`, `expected a resource for "Fn::GetAtt", found the parameter "Name"`},
		{`!GetAtt [Topic, [a]]`, `expected the name of an attribute for "Fn::GetAtt", found list`},
		{`!Sub {a: b}`, `expected a string for "Fn::Sub", found object`},
		{`!Sub [a]`, `expected a string, or a list of a string and an object, for "Fn::Sub", found a list of 1`},
		{`!Sub [a, b]`, `expected the variables of "Fn::Sub" as an object, found string`},
		{`!Sub "${aws:username}"`, `"${aws:username}" is not a variable of the template; to leave a policy variable in the text, write "${!aws:username}"`},
		{`!Sub "${Accounts}"`, `expected a string for "${Accounts}" in "Fn::Sub", found list`},
		{`!Sub "${}"`, `expected a name in "${}" of "Fn::Sub"`},
		{`!Join [a]`, `expected a delimiter and a list of values for "Fn::Join", found a list of 1`},
		{`!Join ["", a]`, `expected a list of values for "Fn::Join", found string`},
		{`!Join [[], [a]]`, `expected a string as delimiter of "Fn::Join", found list`},
		{`!Join ["", [{a: b}]]`, `expected a string in the list of "Fn::Join", found object`},
		{`!Select [9, [a]]`, `"Fn::Select" asks for item 9 of a list of 1, counted from 0`},
		{`!Select [x, [a]]`, `expected a number as index of "Fn::Select", found "x"`},
		{`!Select [0, a]`, `expected a list for "Fn::Select", found string`},
		{`!Select a`, `expected an index and a list for "Fn::Select", found string`},
		{`!Split [",", [a]]`, `expected a string for "Fn::Split", found list`},
		{`!Split ["", a]`, `expected a delimiter for "Fn::Split" that is not empty`},
		{`!Split a`, `expected a delimiter and a string for "Fn::Split", found string`},
		{`!If [Yes, a]`, `expected a list of a condition and two values for "Fn::If", found a list of 2`},
		{`!If [[Yes], a, b]`, `expected the name of a condition for "Fn::If", found list`},
		{`!FindInMap [Region, a, b]`, `mapping "Region" is not in the template; did you mean "Regions"?`},
		{`!FindInMap [Regions, mars, Id]`, `mapping "Regions" has no value for the keys "mars" and "Id"`},
		{`!FindInMap Regions`, `expected a mapping and two keys for "Fn::FindInMap", found string`},
		{`!FindInMap [Regions, [a], Id]`, `expected a string for "Fn::FindInMap", found list`},
		{`!FindInMap [Regions, a, b, c]`, `expected an object with "DefaultValue" for "Fn::FindInMap", found string`},
		{`!Base64 [a]`, `expected a string for "Fn::Base64", found list`},
		{`!Cidr [10.0.0.0/16, 300, 8]`, `expected a number from 1 to 256 for "Fn::Cidr", found "300"`},
		{`!Cidr [ten, 2, 8]`, `expected an address block such as "10.0.0.0/16" for "Fn::Cidr", found "ten"`},
		{`!Cidr [10.0.0.0/24, 200, 8]`, `200 blocks of 8 bits do not fit into 10.0.0.0/24`},
		{`!Cidr a`, `expected an address block, a count and a number of bits for "Fn::Cidr", found string`},
		{`!GetAZs [a]`, `expected a region for "Fn::GetAZs", found list`},
		{`!ImportValue [a]`, `expected the name of an export for "Fn::ImportValue", found list`},
		{`!Length a`, `expected a list for "Fn::Length", found string`},
		{`!ToJsonString a`, `expected an object or a list for "Fn::ToJsonString", found string`},
		{`!Transform a`, `expected an object with "Name" for "Fn::Transform", found string`},
		{`!Equals [a, b]`, `"Fn::Equals" gives no value: it may only stand in a condition or rule`},
		{`{"Fn::Jion": [a]}`, `function "Fn::Jion" is unknown; did you mean "Fn::Join"?`},
		{`{"Fn::Sub": a, b: c}`, `expected "Fn::Sub" to be the only key of its object, found 2 keys`},
		{`!Foo a`, `tag "!Foo" is unknown`},
	}
	for _, tt := range tests {
		got := evaluate(t, tt.in, Options{})
		if !strings.Contains(got, "unreadable value") && !strings.HasPrefix(got, "?") || !strings.Contains(got, "error 1:") || !strings.HasSuffix(got, ": "+tt.want) {
			t.Errorf("%s\n got %s\nwant an unknown value and %s", tt.in, got, tt.want)
		}
	}
}
