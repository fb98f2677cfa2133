locals {
  settings = { public = false }
}
resource "aws_db_instance" "d" {
  publicly_accessible = lookup(local.settings, "public", true)
}
