locals {
  settings = { public = true }
}
resource "aws_db_instance" "d" {
  publicly_accessible = lookup(local.settings, "public", false)
}
