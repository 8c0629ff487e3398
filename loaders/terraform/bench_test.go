package terraform

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// estate returns a module of n resources: half of them buckets, half policies.
func estate(n int) fstest.MapFS {
	fsys := fstest.MapFS{"variables.tf": {Data: []byte("variable \"partner\" {\n  type = string\n}\nlocals {\n  prefix = \"acme\"\n}\ndata \"aws_caller_identity\" \"me\" {}\n")}}
	var b strings.Builder
	for i := range n / 2 {
		fmt.Fprintf(&b, `
resource "aws_s3_bucket" "b%[1]d" {
  bucket = "${local.prefix}-%[1]d"
}

resource "aws_s3_bucket_policy" "b%[1]d" {
  bucket = aws_s3_bucket.b%[1]d.id
`, i)
		if i%2 == 0 {
			fmt.Fprintf(&b, `  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Sid       = "read"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root", "arn:aws:iam::${var.partner}:root"] }
      Action    = ["s3:GetObject", "s3:ListBucket"]
      Resource  = [aws_s3_bucket.b%[1]d.arn, "${aws_s3_bucket.b%[1]d.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = true } }
    }]
  })
}
`, i)
		} else {
			fmt.Fprintf(&b, `  policy = data.aws_iam_policy_document.b%[1]d.json
}

data "aws_iam_policy_document" "b%[1]d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.b%[1]d.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = [var.partner]
    }
  }
}
`, i)
		}
		if i%100 == 99 || i == n/2-1 {
			fsys[fmt.Sprintf("main%d.tf", i/100)] = &fstest.MapFile{Data: []byte(b.String())}
			b.Reset()
		}
	}
	return fsys
}

func BenchmarkBlocks(b *testing.B) {
	fsys := estate(2000)
	bytes := 0
	for _, f := range fsys {
		bytes += len(f.Data)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		if blocks, diags := newLoader(fsys, ".", Options{}).blocks(); len(blocks) != 2000 || len(diags) > 0 {
			b.Fatalf("%d blocks, %v", len(blocks), diags)
		}
	}
}

// The same, with the blocks joined into resources.
func BenchmarkLoad(b *testing.B) {
	fsys := estate(2000)
	b.ReportAllocs()
	for b.Loop() {
		if stack := Load(fsys, ".", Options{}); len(stack.Resources) == 0 {
			b.Fatal("no resources")
		}
	}
}
