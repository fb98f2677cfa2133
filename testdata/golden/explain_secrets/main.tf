variable "token" {
  type      = string
  sensitive = true
  default   = "s3cr3t-token-value"
}

resource "app" "a" {
  password = "hunter2-and-more"
  note     = "the password is hunter2-and-more"
  plain    = var.token
}
