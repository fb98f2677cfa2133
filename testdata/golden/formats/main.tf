resource "aws_s3_bucket" "site" {
  acl = "public-read"
}

resource "aws_s3_bucket" "other" {
  acl  = "public-read"
  tags = {}
}

variable "password" {
  default = "hunter2-secret"
}

resource "aws_s3_bucket" "later" {
  acl = var.unset
}

variable "unset" {}
