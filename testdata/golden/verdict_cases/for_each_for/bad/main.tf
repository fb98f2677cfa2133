locals {
  names = ["a"]
}
resource "aws_db_instance" "d" {
  for_each            = { for n in local.names : n => true }
  publicly_accessible = each.value
}
