locals {
  rules = [{ port = 22, cidr = "10.0.0.0/8" }]
}
resource "aws_security_group" "s" {
  dynamic "ingress" {
    for_each = local.rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value.cidr]
    }
  }
}
