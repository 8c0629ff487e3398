package cloudformation

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// An import is what the one template that exports the name gives it.
func TestImports(t *testing.T) {
	exporting := func(path, outputs string) []Export {
		return Exports(source.NewFile(path, []byte("Resources: {Role: {Type: AWS::IAM::Role}}\nParameters: {P: {Type: String}}\nOutputs: "+outputs)), Options{})
	}
	role := exporting("a.yaml", `{O: {Value: !GetAtt Role.Arn, Export: {Name: role}}, N: {Value: x}}`)
	tests := []struct {
		exports []Export
		want    string
	}{
		{nil, `?${Fn::ImportValue role}`},
		{role, `"arn:${own partition is own partition}:iam::${own account is own account}:role/${a.yaml: Role is own name}"`},
		{append(role, role...), `?${Fn::ImportValue role}`},
		{exporting("a.yaml", `{O: {Value: plain, Export: {Name: role}}}`), `"plain"`},
		{exporting("t.yaml", `{O: {Value: plain, Export: {Name: role}}}`), `?${Fn::ImportValue role}`}, // its own
		{exporting("a.yaml", `{O: {Value: plain, Export: {Name: other}}}`), `?${Fn::ImportValue role}`},
		{exporting("a.yaml", `{O: {Value: plain, Export: {Name: !Sub "${AWS::StackName}role"}}}`), `?${Fn::ImportValue role}`},
		{exporting("a.yaml", `{O: {Value: !Ref P, Export: {Name: role}}}`), `?${Fn::ImportValue role}`},
	}
	for _, tt := range tests {
		if got := evaluate(t, "!ImportValue role", Options{Exports: tt.exports}); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.exports, got, tt.want)
		}
	}
}
