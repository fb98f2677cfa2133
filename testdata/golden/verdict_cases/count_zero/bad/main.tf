resource "aws_db_instance" "d" {
  count               = 1
  publicly_accessible = true
}
