resource "null_resource" "readable" {
}

resource "null_resource" "broken" {
  triggers = {
    a = [1, 2
  }
}
