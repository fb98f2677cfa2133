resource "aws_iam_access_key" "old" {
  user   = "ci"
  status = "Inactive"
}

resource "aws_iam_policy" "empty" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_policy" "denies" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }] })
}

resource "aws_security_group" "closed" {
  name = "closed"
}
