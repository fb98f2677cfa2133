module "m" {
  source   = "./m"
  for_each = { a = true }
  p        = each.value
}
