locals {
  env    = "prod"
  public = local.env == "dev" ? true : false
}
resource "aws_db_instance" "d" {
  publicly_accessible = local.public
}
