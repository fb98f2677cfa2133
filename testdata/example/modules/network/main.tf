variable "name" {
  type = string
}

variable "cidr_block" {
  type = string
}

variable "admin_cidrs" {
  type = list(string)
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr_block, 4, count.index)
}

resource "aws_security_group" "admin" {
  name        = "${var.name}-admin"
  description = "SSH for administrators"
  vpc_id      = aws_vpc.this.id

  dynamic "ingress" {
    for_each = length(var.admin_cidrs) > 0 ? [22] : []
    content {
      description = "SSH"
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = var.admin_cidrs
    }
  }
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "subnet_ids" {
  value = aws_subnet.private[*].id
}

output "admin_security_group_id" {
  value = aws_security_group.admin.id
}
