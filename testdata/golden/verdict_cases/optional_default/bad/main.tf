variable "o" {
  type = object({
    name   = string
    public = optional(bool, true)
  })
  default = { name = "x" }
}
resource "aws_db_instance" "d" {
  publicly_accessible = var.o.public
}
