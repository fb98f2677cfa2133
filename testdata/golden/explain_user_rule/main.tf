variable "name" {}

resource "lb" "a" {
  kind = "network"
  listener {
    port = 80
    name = "web"
  }
  listener {
    port = 443
    name = "api"
  }
  listener {
    port = 8443
    name = var.name
  }
}

resource "lb" "b" {
  kind    = "network"
  address = "10.1.0.0/16"
  zero    = 0
  tags    = { owner = "me", "cost center" = "a" }
  listener {
    port = 80
    name = "web"
  }
  listener {
    port = 443
    name = "api"
  }
}

resource "lb_target" "b" {
  lb = lb.b.id
}

resource "lb" "c" {
  kind = var.name
  listener {
    port = 80
    name = var.name
  }
}
