package terraform

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
)

// Many root modules that call one module load what they load alone, at once too, and
// its files are parsed twice.
func TestSharedSyntax(t *testing.T) {
	fsys := fstest.MapFS{"modules/queue/main.tf": {Data: []byte(`
variable "name" {}
resource "aws_sqs_queue" "q" { name = var.name }
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })
}
output "broken" { value = }
`)}}
	const roots = 20
	for i := range roots {
		fsys[fmt.Sprintf("r%d/main.tf", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "module \"q\" {\n  source = \"../modules/queue\"\n  name = \"q%d\"\n}\n", i)}
	}
	shared := &Syntax{}
	var wait sync.WaitGroup
	for i := range roots {
		wait.Go(func() {
			dir := fmt.Sprintf("r%d", i)
			alone, together := dump(newLoader(fsys, dir, Options{})), dump(newLoader(fsys, dir, Options{Syntax: shared}))
			if alone != together || !strings.Contains(alone, "SendMessage") || !strings.Contains(alone, "error") {
				t.Errorf("%s is, alone:\n%s\nwith the others:\n%s", dir, alone, together)
			}
		})
	}
	wait.Wait()
	kept := 0
	for _, p := range shared.trees {
		if p != nil {
			kept++
		}
	}
	if kept != 1 {
		t.Errorf("%d trees are kept, want that of the module", kept)
	}
}

// A file that is edited between two runs, or has the name of another, is parsed anew,
// and no more is kept than the limit says.
func TestSyntaxTellsTextsApart(t *testing.T) {
	s := &Syntax{}
	load := func(name string) string {
		fsys := fstest.MapFS{"main.tf": {Data: []byte("module \"m\" {\n  source = \"./m\"\n}\n")},
			"m/main.tf": {Data: []byte("resource \"aws_s3_bucket\" \"b\" { bucket = \"" + name + "\" }\n")}}
		stack := Load(fsys, ".", Options{Syntax: s})
		return stack.Resources[0].ARN.String()
	}
	for range 3 {
		for _, name := range []string{"one", "two"} {
			if got := load(name); !strings.HasSuffix(got, ":"+name) {
				t.Errorf("bucket %q is %s", name, got)
			}
		}
	}
	s.pieces = maxKept - 10
	for _, n := range []int{20, 5, 4} {
		for range 2 {
			_, _ = s.parse([]byte("x = ["+strings.Repeat("1,", n)+"]\n"), fmt.Sprint(n), hcl.Pos{Line: 1, Column: 1})
		}
	}
	if s.pieces != maxKept-10+5+3 {
		t.Errorf("%d pieces are kept, want those of the text that fits", s.pieces)
	}
}
