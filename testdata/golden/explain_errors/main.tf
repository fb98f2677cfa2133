resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

resource "aws_s3_bucket" "media" {
  count  = 2
  bucket = "media-${count.index}"
}
