resource "aws_db_instance" "d" {
  publicly_accessible = jsondecode(file("../../outside/settings.json")).public
}

resource "aws_db_instance" "linked" {
  publicly_accessible = jsondecode(file("${path.module}/linked.json")).public
}

resource "aws_db_instance" "inside" {
  publicly_accessible = jsondecode(file("../shared/settings.json")).public
}
