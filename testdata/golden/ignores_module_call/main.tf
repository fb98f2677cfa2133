#tfsec:ignore:bucket-public
module "above" {
  source = "./m"
}

module "inside" {
  #checkov:skip=CKV_BUCKET_PUBLIC:all below
  source = "./m"
}

module "each" {
  for_each = toset(["a", "b"])
  source   = "./m" #plumbline:ignore:bucket-untagged an argument is not the call
  acl      = "public-read"
}

module "argument" {
  source = "./m"
  acl    = "public-read" #plumbline:ignore:bucket-public where the value comes from
}
