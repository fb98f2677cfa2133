variable "open" {}

resource "aws_db_instance" "app" {
  publicly_accessible = var.open
  storage_encrypted   = true
}
