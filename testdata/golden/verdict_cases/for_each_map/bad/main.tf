resource "aws_db_instance" "d" {
  for_each            = { a = true }
  publicly_accessible = each.value
}
