module "m" {
  source   = "./m"
  for_each = { a = false }
  p        = each.value
}
