locals {
  list = [true]
}
resource "aws_db_instance" "d" {
  count               = length(local.list)
  publicly_accessible = local.list[count.index]
}
