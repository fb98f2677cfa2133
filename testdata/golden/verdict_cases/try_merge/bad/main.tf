locals {
  base = { public = false }
  over = { public = true }
}
resource "aws_db_instance" "d" {
  publicly_accessible = try(merge(local.base, local.over).public, false)
}
