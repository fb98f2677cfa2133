resource "aws_s3_bucket" "site" {
  acl = "public-read"
}

resource "aws_s3_bucket" "other" {
  acl  = "public-read"
  tags = {}
}
