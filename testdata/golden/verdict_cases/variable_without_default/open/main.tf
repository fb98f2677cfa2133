variable "p" {}
resource "aws_db_instance" "d" {
  publicly_accessible = var.p
}
