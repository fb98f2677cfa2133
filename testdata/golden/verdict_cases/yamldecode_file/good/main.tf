resource "aws_db_instance" "d" {
  publicly_accessible = yamldecode(file("${path.module}/c.yaml")).public
}
