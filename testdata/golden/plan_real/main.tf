variable "sizes" {
  type    = map(number)
  default = {}
}

variable "open" {
  type    = bool
  default = false
}

variable "secret" {
  type      = string
  default   = "s3cret"
  sensitive = true
}

resource "terraform_data" "network" {
  input = { cidr = "10.0.0.0/16", open = var.open }
}

resource "terraform_data" "host" {
  for_each = var.sizes
  input = {
    size    = each.value
    network = terraform_data.network.id
    open    = each.value > 2
    token   = var.secret
  }
}

module "box" {
  source   = "./modules/box"
  for_each = var.sizes
  size     = each.value
  host     = terraform_data.host[each.key].id
}

# Not there in the plan.
resource "terraform_data" "extra" {
  count = length(var.sizes) > 5 ? 1 : 0
  input = { open = true }
}
