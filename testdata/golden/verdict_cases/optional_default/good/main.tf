variable "o" {
  type = object({
    name   = string
    public = optional(bool, false)
  })
  default = { name = "x" }
}
resource "aws_db_instance" "d" {
  publicly_accessible = var.o.public
}
