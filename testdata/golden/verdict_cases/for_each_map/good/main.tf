resource "aws_db_instance" "d" {
  for_each            = { a = false }
  publicly_accessible = each.value
}
