# on the attribute's line
resource "aws_s3_bucket" "line" {
  acl  = "public-read" #plumbline:ignore:bucket-public it is a website
  tags = {}
}

# above the attribute
resource "aws_s3_bucket" "above" {
  #tfsec:ignore:AVD-TEST-0001
  acl  = "public-read"
  tags = {}
}

#trivy:ignore:AVD-TEST-0001 trivy:ignore:test-0002
resource "aws_s3_bucket" "block" {
  acl = "public-read"
}

resource "aws_s3_bucket" "inside" {
  #checkov:skip=CKV_BUCKET_PUBLIC:checked by hand
  #plumbline:ignore:bucket-untagged absent attributes have no line of their own
  bucket = "b"
  acl    = "public-read"
}

resource "aws_s3_bucket" "every" { #plumbline:ignore
  acl = "public-read"
}

resource "aws_s3_bucket" "filtered" {
  #tfsec:ignore:bucket-public[bucket=site]
  acl    = "public-read"
  bucket = "site"
  tags   = {}
}

resource "aws_s3_bucket" "filtered_out" {
  #tfsec:ignore:bucket-public[bucket=site]
  acl    = "public-read"
  bucket = "other"
  tags   = {}
}

resource "aws_s3_bucket" "expired" {
  acl  = "public-read" #plumbline:ignore:bucket-public until=2025-12-31 last year
  tags = {}
}

resource "aws_s3_bucket" "not_yet_expired" {
  acl  = "public-read" #tfsec:ignore:bucket-public:exp:2026-12-31
  tags = {}
}

resource "aws_s3_bucket" "glob" {
  acl  = "public-read" # kics-scan ignore-line
  tags = {}            #plumbline:ignore:bucket-*
}

resource "aws_s3_bucket" "wrong_line" {
  #plumbline:ignore:bucket-public
  tags = {}

  acl = "public-read"
}

# Foreign rules that we do not have are no mistake.
resource "aws_s3_bucket" "foreign" { #tfsec:ignore:aws-foo-bar
  acl  = "private" #checkov:skip=CKV2_XYZ_1:no such rule
  tags = {}        #plumbline:ignore:no-such-rule
}

locals {
  text = "#plumbline:ignore:bucket-public"
}
