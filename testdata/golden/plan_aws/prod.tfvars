rules = {
  ssh = { port = 22, cidr = "0.0.0.0/0" }
  web = { port = 443, cidr = "10.0.0.0/8" }
}
zones = ["eu-west-1a", "eu-west-1b"]
