resource "aws_db_instance" "d" {
  publicly_accessible = true
}
