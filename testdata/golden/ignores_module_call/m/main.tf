variable "acl" {
  default = "public-read"
}

resource "aws_s3_bucket" "b" {
  acl = var.acl
}
