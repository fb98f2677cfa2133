data "aws_ssm_parameter" "p" {
  name = "/public"
}
resource "aws_db_instance" "d" {
  publicly_accessible = data.aws_ssm_parameter.p.value == "yes"
}
