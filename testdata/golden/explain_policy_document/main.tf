resource "aws_iam_policy" "wide" {
  name = "wide"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::logs/*" },
      { Effect = "Deny", Action = "*", Resource = "*" },
      { Effect = "Allow", Action = ["ec2:*", "*"], Resource = "*" },
    ]
  })
}
