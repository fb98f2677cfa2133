variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = list(string)
}

variable "bucket_arns" {
  type = list(string)
}

variable "database" {
  type = object({
    instance_class = string
    encrypted      = bool
    public         = bool
    backup_days    = number
  })
}

variable "database_password" {
  type      = string
  sensitive = true
  default   = null
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier                  = var.name
  engine                      = "postgres"
  engine_version              = "16.4"
  instance_class              = var.database.instance_class
  allocated_storage           = 50
  username                    = "shop"
  password                    = var.database_password
  manage_master_user_password = var.database_password == null ? true : null
  storage_encrypted           = var.database.encrypted
  publicly_accessible         = var.database.public
  backup_retention_period     = var.database.backup_days
  db_subnet_group_name        = aws_db_subnet_group.this.name
  vpc_security_group_ids      = var.security_group_ids
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${var.name}-final"
}

data "aws_iam_policy_document" "service" {
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for arn in var.bucket_arns : "${arn}/*"]
  }
  statement {
    sid       = "Everything"
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "service" {
  name   = var.name
  policy = data.aws_iam_policy_document.service.json
}
