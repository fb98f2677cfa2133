resource "aws_db_instance" "d" {
  count               = 0
  publicly_accessible = true
}
