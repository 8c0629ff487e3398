package loaders

import (
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

func TestLoad(t *testing.T) {
	const trust = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`
	tests := []struct {
		in                     string
		named                  bool
		recognised             bool
		resources, diagnostics int
	}{
		{trust, false, true, 1, 0},
		{trust, true, true, 1, 0},
		{`{"name":"x"}`, false, false, 0, 0}, // found by walking: not ours
		{`{"name":"x"}`, true, true, 0, 1},   // named: say what was expected
		{`{"name":`, false, false, 0, 0},
		{`{"name":`, true, true, 0, 1},
		{`# a text`, true, false, 0, 0},
		{``, true, false, 0, 0},
	}
	for _, tt := range tests {
		stack, recognised := Load(Input{File: source.NewFile("a.json", []byte(tt.in)), Named: tt.named}, Options{})
		if recognised != tt.recognised || len(stack.Resources) != tt.resources || len(stack.Diagnostics) != tt.diagnostics {
			t.Errorf("Load(%q, named %t) = %v, %t", tt.in, tt.named, stack, recognised)
		}
	}
}

func TestResourceType(t *testing.T) {
	const any = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`
	stack, _ := Load(Input{File: source.NewFile("a.json", []byte(any)), Named: true}, Options{ResourceType: "aws_sqs_queue"})
	if got := stack.Resources[0].Type; got != "AWS::SQS::Queue" {
		t.Errorf("type %q, want that of the option", got)
	}
}
