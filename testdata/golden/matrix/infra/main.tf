variable "public" {
  type    = bool
  default = false
}

variable "open_cidrs" {
  type    = list(string)
  default = ["10.0.0.0/8"]
}

variable "logs" {
  type    = bool
  default = true
}

module "db" {
  source = "./modules/db"
  public = var.public
}

resource "aws_security_group" "web" {
  description = "web"

  dynamic "ingress" {
    for_each = var.open_cidrs
    content {
      description = "ssh"
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_sns_topic" "logs" {
  count = var.logs ? 1 : 0
  name  = "logs"
}
