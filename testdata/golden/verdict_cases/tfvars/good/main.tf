variable "p" {
  default = true
}
resource "aws_db_instance" "d" {
  publicly_accessible = var.p
}
