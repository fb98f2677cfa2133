locals {
  base = { public = true }
  over = { public = false }
}
resource "aws_db_instance" "d" {
  publicly_accessible = try(merge(local.base, local.over).public, true)
}
