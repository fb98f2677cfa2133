module "m" {
  source = "./m"
  p      = false
}
