module "m" {
  source = "./m"
}
resource "aws_db_instance" "d" {
  publicly_accessible = module.m.public
}
