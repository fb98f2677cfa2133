resource "aws_ssm_parameter" "ci" {
  name  = "/ci/key"
  type  = "String"
  value = "AKIAQ3EGRIDLVU5JQ7ZT"
}

resource "aws_ssm_parameter" "fine" {
  name  = "/ci/level"
  type  = "String"
  value = "info"
}
