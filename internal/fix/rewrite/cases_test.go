package rewrite

import "github.com/iaclint/iaclint/analysis/repair"

// cases are edits of what is between « and ».
var cases = []struct {
	name, file, account, others string
	edit                        repair.Edit
	text, want                  string
}{
	{name: "JSON: a condition", file: "p.json", edit: require(literal), text: `{
    "Statement": [
        «{
            "Effect": "Allow",
            "Principal": "*"
        }»
    ]
}
`, want: `{
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Condition": {
                "StringEquals": {
                    "aws:PrincipalAccount": "111122223333"
                }
            }
        }
    ]
}
`},
	{name: "JSON: on one line, without spaces", file: "p.json", edit: require(literal),
		text: `{"Statement":[«{"Effect":"Allow","Principal":"*"}»]}`,
		want: `{"Statement":[{"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}]}`},
	{name: "JSON: an operator that is there", file: "p.json", edit: require(literal),
		text: `{"Statement": [«{"Effect": "Allow", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}»]}`,
		want: `{"Statement": [{"Effect": "Allow", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:PrincipalAccount": "111122223333"}}}]}`},
	{name: "JSON: another operator", file: "p.json", edit: require(literal), text: `{"Statement": [«{"Effect": "Allow",
 "Condition": {
	"Bool": {"aws:SecureTransport": "true"}
 }}»]}`, want: `{"Statement": [{"Effect": "Allow",
 "Condition": {
	"Bool": {"aws:SecureTransport": "true"},
	"StringEquals": {"aws:PrincipalAccount": "111122223333"}
 }}]}`},
	{name: "JSON: a key that is there", file: "p.json", edit: require(literal),
		text: `{"Statement": [«{"Effect": "Allow", "Condition": {"StringEquals": {"AWS:principalaccount": "4"}}}»]}`,
		want: `cannot: the statement has a condition on aws:PrincipalAccount already`},
	{name: "JSON: a reference without a deployment", file: "p.json", edit: require(reference),
		text: `{"Statement": [«{"Effect": "Allow"}»]}`, want: `cannot: nothing here stands for your account`},
	{name: "JSON: a template", file: "t.json", edit: require(reference),
		text: `{"Resources": {"P": {"Statement": [«{"Effect": "Allow"}»]}}}`,
		want: `{"Resources": {"P": {"Statement": [{"Effect": "Allow", "Condition": {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}}]}}}`},
	{name: "JSON: the first principal", file: "p.json", edit: remove,
		text: `{"Principal": {"AWS": [«"1"», "2", "3"]}}`, want: `{"Principal": {"AWS": ["2", "3"]}}`},
	{name: "JSON: the last principal", file: "p.json", edit: remove,
		text: `{"Principal": {"AWS": ["1", "2", «"3"»]}}`, want: `{"Principal": {"AWS": ["1", "2"]}}`},
	{name: "JSON: a principal on its own line", file: "p.json", edit: remove, text: `{"Principal": {"AWS": [
  "1",
  «"2"»,
  "3"
]}}`, want: `{"Principal": {"AWS": [
  "1",
  "3"
]}}`},
	{name: "JSON: the last principal on its own line", file: "p.json", edit: remove, text: `{"Principal": {"AWS": [
  "1",
  «"2"»
]}}`, want: `{"Principal": {"AWS": [
  "1"
]}}`},
	{name: "JSON: the only principal of its key", file: "p.json", edit: remove,
		text: `{"Principal": {"AWS": [«"1"»], "Service": "a"}}`, want: `{"Principal": {"Service": "a"}}`},
	{name: "JSON: the only principal", file: "p.json", edit: remove,
		text: `{"Principal": {"AWS": «"1"»}}`, want: `cannot: nothing of its kind would be left`},
	{name: "JSON: a statement", file: "p.json", edit: withdraw, text: `{
  "Statement": [
    «{
      "Effect": "Allow"
    }»,
    {
      "Effect": "Deny"
    }
  ]
}`, want: `{
  "Statement": [
    {
      "Effect": "Deny"
    }
  ]
}`},
	{name: "JSON: brackets side by side", file: "p.json", edit: withdraw, text: `{"Statement": [{
  "Effect": "Deny"
}, «{
  "Effect": "Allow"
}»]}`, want: `{"Statement": [{
  "Effect": "Deny"
}]}`},
	{name: "JSON: the only statement", file: "p.json", edit: withdraw,
		text: `{"Statement": [«{"Effect": "Allow"}»]}`, want: `cannot: the document has no other statement, and may not be empty`},
	{name: "JSON: a Deny", file: "p.json", edit: deny(variable), text: `{
  "Statement": [
    «{
      "Sid": "x",
      "Effect": "Allow",
      "Principal": {"AWS": "*"},
      "Action": [
        "s3:GetObject"
      ],
      "Resource": "*",
      "Condition": {"Bool": {"a": "true"}}
    }»
  ]
}`, want: `{
  "Statement": [
    {
      "Sid": "x",
      "Effect": "Allow",
      "Principal": {"AWS": "*"},
      "Action": [
        "s3:GetObject"
      ],
      "Resource": "*",
      "Condition": {"Bool": {"a": "true"}}
    },
    {
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:GetObject"
      ],
      "Resource": "*",
      "Condition": {
        "StringNotEqualsIfExists": {
          "aws:PrincipalAccount": "${aws:ResourceAccount}"
        },
        "BoolIfExists": {
          "aws:PrincipalIsAWSService": "false"
        }
      }
    }
  ]
}`},
	{name: "JSON: a Deny beside a statement that is not a list", file: "p.json", edit: deny(literal),
		text: `{"Statement": «{"Effect": "Allow"}»}`, want: `cannot: the statements of the document are not written as a list`},
	{name: "JSON: it becomes a Deny", file: "p.json", edit: refuse,
		text: `{"Statement": [«{"Effect" : "Allow"}»]}`, want: `{"Statement": [{"Effect" : "Deny"}]}`},
	{name: "JSON within JSON", file: "p.json", edit: require(literal),
		text: `{"Policy": "{\"Statement\":[«{\"Effect\":\"Allow\",\"Resource\":\"a\u002fb\"}»]}"}`,
		want: `cannot: the policy is in a text with escape sequences that are not those of JSON`},
	{name: "JSON within JSON, spaces kept", file: "p.json", edit: require(literal),
		text: `{"Policy": "{\"Statement\": [«{\"Effect\": \"Allow\"}»]}"}`,
		want: `{"Policy": "{\"Statement\": [{\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"111122223333\"}}}]}"}`},
	{name: "JSON within JSON, of several lines", file: "p.json", edit: withdraw,
		text: `{"Policy": "{\"Statement\": [\n  {\"Effect\": \"Deny\"},\n  «{\"Effect\": \"Allow\"}»\n]}"}`,
		want: `{"Policy": "{\"Statement\": [\n  {\"Effect\": \"Deny\"}\n]}"}`},
	{name: "a bucket of a template in JSON", file: "t.json", edit: turnOn,
		text: `{"Resources": {"B": «{"Type": "AWS::S3::Bucket"}»}}`,
		want: `{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": true, "RestrictPublicBuckets": true}}}}}`},
	{name: "no JSON", file: "p.json", edit: withdraw, text: `{"a": «b» "c"}`, want: `cannot: the text is not JSON of an ordinary form`},

	{name: "YAML: a condition", file: "t.yaml", edit: require(reference), text: `Resources:
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument:
        Statement:
        - «Effect: Allow
          Principal: "*"   # everyone
          Action: sqs:SendMessage»  # send
        - Effect: Deny
`, want: `Resources:
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument:
        Statement:
        - Effect: Allow
          Principal: "*"   # everyone
          Action: sqs:SendMessage  # send
          Condition:
            StringEquals:
              aws:PrincipalAccount: !Ref AWS::AccountId
        - Effect: Deny
`},
	{name: "YAML: an indentation of four", file: "t.yaml", edit: require(literal), text: `Resources:
    P:
        Type: AWS::SQS::QueuePolicy
        PolicyDocument:
            Statement:
                «Effect: Allow»
`, want: `Resources:
    P:
        Type: AWS::SQS::QueuePolicy
        PolicyDocument:
            Statement:
                Effect: Allow
                Condition:
                    StringEquals:
                        aws:PrincipalAccount: "111122223333"
`},
	{name: "YAML: in brackets", file: "t.yaml", edit: require(reference),
		text: "Resources:\n  P: {Statement: [«{Effect: Allow, Principal: '*'}»]}\n",
		want: "Resources:\n  P: {Statement: [{Effect: Allow, Principal: '*', Condition: {StringEquals: {aws:PrincipalAccount: !Ref AWS::AccountId}}}]}\n"},
	{name: "YAML: a principal", file: "t.yaml", edit: remove, text: `Principal:
  AWS:
    - '1'
    - «!Sub "arn:aws:iam::${Other}:root"» # the partner
    - '3'
`, want: `Principal:
  AWS:
    - '1'
    - '3'
`},
	{name: "YAML: a statement", file: "t.yaml", edit: withdraw, text: `Statement:
  # what the partner may
  - «Effect: Allow
    Action:
      - a:B»
  - Effect: Deny
    Action: a:C
`, want: `Statement:
  # what the partner may
  - Effect: Deny
    Action: a:C
`},
	{name: "YAML: a Deny", file: "t.yaml", edit: deny(literal), text: `Statement:
  - «Sid: "x"
    Effect: 'Allow'
    Principal: "*"
    Action:
      - a:B
    Resource: !Sub "${B.Arn}/*"»
Version: "2012-10-17"
`, want: `Statement:
  - Sid: "x"
    Effect: 'Allow'
    Principal: "*"
    Action:
      - a:B
    Resource: !Sub "${B.Arn}/*"
  - Effect: 'Deny'
    Principal: "*"
    Action:
      - a:B
    Resource: !Sub "${B.Arn}/*"
    Condition:
      StringNotEqualsIfExists:
        aws:PrincipalAccount: "111122223333"
      BoolIfExists:
        aws:PrincipalIsAWSService: "false"
Version: "2012-10-17"
`},
	{name: "YAML: JSON in a text", file: "t.yaml", edit: require(literal), text: `Resources:
  P:
    Policy: |
      {
        "Statement": [
          «{
            "Effect": "Allow"
          }»
        ]
      }
`, want: `Resources:
  P:
    Policy: |
      {
        "Statement": [
          {
            "Effect": "Allow",
            "Condition": {
              "StringEquals": {
                "aws:PrincipalAccount": "111122223333"
              }
            }
          }
        ]
      }
`},
	{name: "YAML: JSON in Fn::Sub", file: "t.yaml", edit: require(reference),
		text: "Resources:\n  P:\n    Policy: !Sub '{\"Statement\": [«{\"Effect\": \"Allow\"}»]}'\n",
		want: "Resources:\n  P:\n    Policy: !Sub '{\"Statement\": [{\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"${AWS::AccountId}\"}}}]}'\n"},
	{name: "YAML: a policy variable in Fn::Sub", file: "t.yaml", edit: require(variable),
		text: "Resources:\n  P:\n    Policy: !Sub '{\"Statement\": [«{\"Effect\": \"Allow\"}»]}'\n",
		want: "Resources:\n  P:\n    Policy: !Sub '{\"Statement\": [{\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"${!aws:ResourceAccount}\"}}}]}'\n"},
	{name: "YAML: a permission of Lambda", file: "t.yaml", edit: ofSource(reference), text: `Resources:
  P:
    «Type: AWS::Lambda::Permission
    Properties:
      Principal: s3.amazonaws.com»
  Q:
    Type: AWS::SQS::Queue
`, want: `Resources:
  P:
    Type: AWS::Lambda::Permission
    Properties:
      Principal: s3.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
  Q:
    Type: AWS::SQS::Queue
`},
	{name: "YAML: a permission that is taken out", file: "t.yaml", edit: withdraw, text: `Resources:
  P:
    «Type: AWS::Lambda::Permission
    Properties:
      Principal: "4"»

  Q:
    Type: AWS::SQS::Queue
`, want: `Resources:

  Q:
    Type: AWS::SQS::Queue
`},
	{name: "YAML: a permission that something depends on", file: "t.yaml", edit: withdraw, text: `Resources:
  P:
    «Type: AWS::Lambda::Permission
    Properties:
      Principal: "4"»
  Q:
    Type: AWS::SQS::Queue
    DependsOn: P
`, want: `cannot: P does nothing but grant, but it is referred to elsewhere`},
	{name: "YAML: a queue is more than a grant", file: "t.yaml", edit: withdraw,
		text: "Resources:\n  Q:\n    «Type: AWS::SQS::Queue»\n", want: `cannot: what grants is a resource that does more than that`},
	{name: "YAML: the only statement of a policy", file: "t.yaml", edit: withdraw, text: `Resources:
  Q:
    Type: AWS::SQS::Queue
  QPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Q]
      PolicyDocument:
        Statement:
          - «Effect: Allow»
`, want: `Resources:
  Q:
    Type: AWS::SQS::Queue
`},
	{name: "YAML: an access control list", file: "t.yaml", edit: withdraw,
		text: "Resources:\n  B:\n    Properties:\n      AccessControl: «PublicRead»\n",
		want: "Resources:\n  B:\n    Properties:\n      AccessControl: Private\n"},
	{name: "YAML: a bucket", file: "t.yaml", edit: turnOn, text: `Resources:
  B:
    «Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false
        RestrictPublicBuckets: false»
`, want: `Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false
        RestrictPublicBuckets: true
        IgnorePublicAcls: true
`},
	{name: "YAML: a policy of the bucket", file: "t.yaml", edit: allow(reference, "B"), text: `Resources:
  B:
    «Type: AWS::S3::Bucket»
`, want: `Resources:
  B:
    Type: AWS::S3::Bucket
  BPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref B
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref AWS::AccountId
            Action:
              - s3:ListBucket
            Resource:
              - !GetAtt B.Arn
              - !Sub "${B.Arn}/*"
`},
	{name: "YAML: what an alias stands for", file: "t.yaml", edit: remove, text: `A: &a
  - «x»
  - y
B: *a
`, want: `A: &a
  - y
B: *a
`},

	{name: "HCL: a condition", file: "main.tf", account: "data.aws_caller_identity.me.account_id", edit: require(reference), text: `resource "a" "b" {
  policy = jsonencode({
    Statement = [«{
      Sid       = "x"
      Effect    = "Allow" # why
      Principal = "*" // everyone
    }»]
  })
}
`, want: `resource "a" "b" {
  policy = jsonencode({
    Statement = [{
      Sid       = "x"
      Effect    = "Allow" # why
      Principal = "*" // everyone
      Condition = {
        StringEquals = {
          "aws:PrincipalAccount" = data.aws_caller_identity.me.account_id
        }
      }
    }]
  })
}
`},
	{name: "HCL: a module without your account", file: "main.tf", edit: require(reference),
		text: `a = «{ Effect = "Allow" }»`, want: `cannot: the module has no aws_caller_identity`},
	{name: "HCL: a policy variable", file: "main.tf", edit: require(variable),
		text: "a = «{ Effect = \"Allow\" }»\n", want: "a = { Effect = \"Allow\", Condition = { StringEquals = { \"aws:PrincipalAccount\" = \"$${aws:ResourceAccount}\" } } }\n"},
	{name: "HCL: an operator beside others", file: "main.tf", edit: require(literal), text: `a = «{
  Effect = "Allow"
  Condition = {
    Bool       = { "aws:SecureTransport" = "true" } # always
    StringLike = { "aws:SourceArn" = "x" }
  }
}»
`, want: `a = {
  Effect = "Allow"
  Condition = {
    Bool         = { "aws:SecureTransport" = "true" } # always
    StringLike   = { "aws:SourceArn" = "x" }
    StringEquals = { "aws:PrincipalAccount" = "111122223333" }
  }
}
`},
	{name: "HCL: what a launch permission is", file: "main.tf", edit: withdraw, text: `resource "aws_ami_launch_permission" "p" {
  image_id   = "ami-1"
  account_id = «"444455556666"»
}

resource "a" "b" {}
`, want: `resource "a" "b" {}
`},
	{name: "HCL: keys in quotes, with colons and commas", file: "main.tf", edit: require(literal), text: `a = «{
  "Effect": "Allow",
  "Principal": "*",
}»
`, want: `a = {
  "Effect": "Allow",
  "Principal": "*",
  "Condition": {
    "StringEquals": {
      "aws:PrincipalAccount": "111122223333"
    }
  },
}
`},
	{name: "HCL: a principal", file: "main.tf", edit: remove, text: `a = {
  Principal = { AWS = [
    "1", # one
    «var.partner», # two
    "3",
  ] }
}
`, want: `a = {
  Principal = { AWS = [
    "1", # one
    "3",
  ] }
}
`},
	{name: "HCL: a statement", file: "main.tf", edit: withdraw, text: `a = { Statement = [
  {
    Effect = "Deny"
  },
  «{
    Effect = "Allow"
  }»,
] }
`, want: `a = { Statement = [
  {
    Effect = "Deny"
  },
] }
`},
	{name: "HCL: a Deny", file: "main.tf", edit: deny(literal), text: `a = { Statement = [
  «{
    Effect    = "Allow"
    Principal = "*"
    Action    = ["a:B", "a:C"]
    Resource  = "${x.arn}/*"
  }»
] }
`, want: `a = { Statement = [
  {
    Effect    = "Allow"
    Principal = "*"
    Action    = ["a:B", "a:C"]
    Resource  = "${x.arn}/*"
  },
  {
    Effect    = "Deny"
    Principal = "*"
    Action    = ["a:B", "a:C"]
    Resource  = "${x.arn}/*"
    Condition = {
      StringNotEqualsIfExists = {
        "aws:PrincipalAccount" = "111122223333"
      }
      BoolIfExists = {
        "aws:PrincipalIsAWSService" = "false"
      }
    }
  }
] }
`},
	{name: "HCL: a heredoc", file: "main.tf", account: "data.aws_caller_identity.me.account_id", edit: require(reference), text: `resource "a" "b" {
  policy = <<-EOF
    {
      "Statement": [
        «{
          "Effect": "Allow",
          "Resource": "${aws_s3_bucket.x["a"].arn}/*"
        }»
      ]
    }
  EOF
}
`, want: `resource "a" "b" {
  policy = <<-EOF
    {
      "Statement": [
        {
          "Effect": "Allow",
          "Resource": "${aws_s3_bucket.x["a"].arn}/*",
          "Condition": {
            "StringEquals": {
              "aws:PrincipalAccount": "${data.aws_caller_identity.me.account_id}"
            }
          }
        }
      ]
    }
  EOF
}
`},
	{name: "HCL: a policy variable in a heredoc", file: "main.tf", edit: require(variable),
		text: "a = <<EOF\n{\"Statement\": [«{\"Effect\": \"Allow\"}»]}\nEOF\n",
		want: "a = <<EOF\n{\"Statement\": [{\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalAccount\": \"$${aws:ResourceAccount}\"}}}]}\nEOF\n"},
	{name: "HCL: a text in quotes", file: "main.tf", edit: refuse,
		text: `a = "{\"Statement\": [«{\"Effect\": \"Allow\"}»]}"` + "\n", want: `a = "{\"Statement\": [{\"Effect\": \"Deny\"}]}"` + "\n"},
	{name: "HCL: a block with a condition", file: "main.tf", edit: require(literal), text: `data "aws_iam_policy_document" "d" {
  «statement {
    actions = ["a:B"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }»
}
`, want: `data "aws_iam_policy_document" "d" {
  statement {
    actions = ["a:B"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = ["111122223333"]
    }
  }
}
`},
	{name: "HCL: blocks close together", file: "main.tf", edit: require(literal), text: `data "aws_iam_policy_document" "d" {
  «statement {
    actions = ["a:B"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }»
}
`, want: `data "aws_iam_policy_document" "d" {
  statement {
    actions = ["a:B"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = ["111122223333"]
    }
  }
}
`},
	{name: "HCL: the principals of a block", file: "main.tf", edit: remove, text: `data "aws_iam_policy_document" "d" {
  statement {
    principals {
      type        = "AWS"
      identifiers = [«"1"»]
    }

    principals {
      type        = "Service"
      identifiers = ["a.amazonaws.com"]
    }
  }
}
`, want: `data "aws_iam_policy_document" "d" {
  statement {
    principals {
      type        = "Service"
      identifiers = ["a.amazonaws.com"]
    }
  }
}
`},
	{name: "HCL: a block that is a statement", file: "main.tf", edit: withdraw, text: `data "aws_iam_policy_document" "d" {
  statement {
    sid = "a"
  }

  «statement {
    sid = "b"
  }»
}
`, want: `data "aws_iam_policy_document" "d" {
  statement {
    sid = "a"
  }
}
`},
	{name: "HCL: it becomes a Deny", file: "main.tf", edit: refuse, text: `data "aws_iam_policy_document" "d" {
  «statement {
    sid     = "a"
    actions = ["a:B"]
  }»
}
`, want: `data "aws_iam_policy_document" "d" {
  statement {
    sid     = "a"
    actions = ["a:B"]
    effect  = "Deny"
  }
}
`},
	{name: "HCL: what a dynamic block makes", file: "main.tf", edit: require(literal), text: `data "aws_iam_policy_document" "d" {
  «dynamic "statement" {
    for_each = var.statements
    content {
      actions = ["a:B"]
    }
  }»
}
`, want: `data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = var.statements
    content {
      actions = ["a:B"]
      condition {
        test     = "StringEquals"
        variable = "aws:PrincipalAccount"
        values   = ["111122223333"]
      }
    }
  }
}
`},
	{name: "HCL: a permission of Lambda", file: "main.tf", account: "data.aws_caller_identity.me.account_id", edit: ofSource(reference), text: `«resource "aws_lambda_permission" "p"» {
  function_name = "f"
  principal     = "s3.amazonaws.com"

  lifecycle {
    ignore_changes = all
  }
}
`, want: `resource "aws_lambda_permission" "p" {
  function_name  = "f"
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.me.account_id

  lifecycle {
    ignore_changes = all
  }
}
`},
	{name: "HCL: a permission that is taken out", file: "main.tf", edit: withdraw, text: `resource "a" "b" {}

«resource "aws_lambda_permission" "p"» {
  principal = "4"
}

resource "a" "c" {}
`, want: `resource "a" "b" {}

resource "a" "c" {}
`},
	{name: "HCL: a permission that another file refers to", file: "main.tf", edit: withdraw, others: "x = aws_lambda_permission.p.id",
		text: "«resource \"aws_lambda_permission\" \"p\"» {\n  principal = \"4\"\n}\n",
		want: `cannot: aws_lambda_permission.p does nothing but grant, but it is referred to elsewhere`},
	{name: "HCL: an access control list", file: "main.tf", edit: withdraw,
		text: "resource \"aws_s3_bucket_acl\" \"b\" {\n  acl = «\"public-read\"»\n}\n",
		want: "resource \"aws_s3_bucket_acl\" \"b\" {\n  acl = \"private\"\n}\n"},
	{name: "HCL: a bucket", file: "main.tf", edit: turnOn, text: `«resource "aws_s3_bucket" "b"» {
  bucket = "b"
}
`, want: `resource "aws_s3_bucket" "b" {
  bucket = "b"
}

resource "aws_s3_bucket_public_access_block" "b" {
  bucket = aws_s3_bucket.b.id

  ignore_public_acls      = true
  restrict_public_buckets = true
}
`},
	{name: "HCL: a bucket with a block that is off", file: "main.tf", edit: turnOn, text: `«resource "aws_s3_bucket" "b"» {
}

resource "aws_s3_bucket_public_access_block" "x" {
  bucket                  = aws_s3_bucket.b.id
  restrict_public_buckets = false
}
`, want: `resource "aws_s3_bucket" "b" {
}

resource "aws_s3_bucket_public_access_block" "x" {
  bucket                  = aws_s3_bucket.b.id
  restrict_public_buckets = true
  ignore_public_acls      = true
}
`},
	{name: "HCL: several buckets", file: "main.tf", edit: turnOn,
		text: "«resource \"aws_s3_bucket\" \"b\"» {\n  count = 2\n}\n", want: `cannot: the bucket is declared several times`},
	{name: "HCL: a policy of the bucket", file: "main.tf", edit: allow(literal, "aws_s3_bucket.b"), text: `«resource "aws_s3_bucket" "b"» {
  bucket = "b"
}
`, want: `resource "aws_s3_bucket" "b" {
  bucket = "b"
}

resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "111122223333" }
        Action    = ["s3:ListBucket"]
        Resource  = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
      }
    ]
  })
}
`},
	{name: "HCL: a policy that a queue has", file: "main.tf", edit: withdraw, text: `resource "aws_sqs_queue" "q" {
  name = "q"
  policy = jsonencode({
    Statement = [«{ Effect = "Allow" }»]
  })
}
`, want: `resource "aws_sqs_queue" "q" {
  name = "q"
}
`},
	{name: "HCL: the only statement of a list that is for others", file: "main.tf", edit: withdraw,
		text: "locals {\n  statements = [«{\n    Effect = \"Allow\"\n  }»] # more later\n}\n", want: "locals {\n  statements = [] # more later\n}\n"},
	{name: "YAML: the only entry of a list", file: "t.yaml", edit: withdraw,
		text: "A:\n  B: c\n  Shared:\n    - «\"4\"»\nD: e\n", want: "A:\n  B: c\nD: e\n"},
	{name: "HCL: errors", file: "main.tf", edit: withdraw, text: `a = «{` + "»", want: `cannot: the file has errors in its syntax`},
}
