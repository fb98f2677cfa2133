resource "a" "unclosed_bracket" {
  list = [1, 2
  next = "x"
}

resource "b" "unclosed_string" {
  name = "no end
  port = 80
}

variable "fine" { default = 1 }

resource "c" "unclosed_block" {
  nested {
    deep = { a = 1 b = 2 }

<<<<<<< HEAD
output "merge" { value = var.fine }
=======
output "merge" { value = }
>>>>>>> other
data "d" "e" {
  text = <<EOT
never closed
