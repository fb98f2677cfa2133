variable "buckets" {
  type = map(object({
    versioning = optional(string, "Suspended")
  }))
}

variable "block" {
  type = bool
}

resource "aws_s3_bucket" "data" {
  for_each = var.buckets
  bucket   = "acme-${each.key}"
}

resource "aws_s3_bucket_versioning" "data" {
  for_each = var.buckets
  bucket   = aws_s3_bucket.data[each.key].id
  versioning_configuration {
    status = each.value.versioning
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  for_each            = aws_s3_bucket.data
  bucket              = each.value.id
  block_public_acls   = var.block
  block_public_policy = true
}
