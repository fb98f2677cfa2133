locals {
  names = ["a"]
}
resource "aws_db_instance" "d" {
  for_each            = { for n in local.names : n => false }
  publicly_accessible = each.value
}
