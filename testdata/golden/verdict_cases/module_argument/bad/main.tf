module "m" {
  source = "./m"
  p      = true
}
