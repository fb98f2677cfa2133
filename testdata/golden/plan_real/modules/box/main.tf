variable "size" {
  type = number
}

variable "host" {
  type = string
}

resource "terraform_data" "disk" {
  count = var.size
  input = {
    host = var.host
    open = var.size == 3
  }
}
