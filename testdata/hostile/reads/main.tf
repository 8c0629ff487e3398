# Each of these would print what a pull request must not see.
resource "aws_sqs_queue" "up" {
  policy = file("../../outside/secret.json")
}

resource "aws_sqs_queue" "absolute" {
  policy = file("/etc/passwd")
}

resource "aws_sqs_queue" "git" {
  policy = file("../.git/config")
}

resource "aws_sqs_queue" "linked" {
  policy = file("../link.json")
}

resource "aws_sqs_queue" "directory" {
  policy = templatefile("../link/secret.json", {})
}

resource "aws_sqs_queue" "set" {
  for_each = fileset("..", "{.git,link}/**")
  policy   = file("../${each.value}")
}

module "outside" {
  source = "../../outside"
}

module "linked" {
  source = "../link"
}
