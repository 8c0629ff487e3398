provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "partner" {
  description = "Account of the parcel service"
  type        = string
}

module "deliveries" {
  source  = "../../modules/queue"
  name    = "deliveries"
  readers = ["arn:aws:iam::${var.partner}:root"]
}

module "orders" {
  source  = "../../modules/queue"
  name    = "orders"
  readers = ["arn:aws:iam::222233334444:root"]
}
