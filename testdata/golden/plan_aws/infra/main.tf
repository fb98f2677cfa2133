variable "rules" {
  type = map(object({ port = number, cidr = string }))
}

variable "zones" {
  type = set(string)
}

data "aws_availability_zones" "all" {}

resource "aws_s3_bucket" "logs" {
  bucket_prefix = "logs-"
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_security_group" "admin" {
  description = "admin"
  dynamic "ingress" {
    for_each = var.rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value.cidr]
    }
  }
}

module "volume" {
  source    = "./modules/volume"
  for_each  = var.zones
  zone      = each.key
  encrypted = each.key != "eu-west-1a"
}

# How many there are, only the plan knows.
resource "aws_ebs_volume" "scratch" {
  count             = length(data.aws_availability_zones.all.names)
  availability_zone = data.aws_availability_zones.all.names[count.index]
  size              = 10
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  publicly_accessible = true
  storage_encrypted   = true
  password            = random_password.db.result
}

resource "random_password" "db" {
  length = 24
}
