module "a" {
  source = "./m"
  acl    = "public-read"
}
