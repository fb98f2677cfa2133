variable "zone" {
  type = string
}

variable "encrypted" {
  type = bool
}

resource "aws_ebs_volume" "this" {
  availability_zone = var.zone
  size              = 20
  encrypted         = var.encrypted
}
