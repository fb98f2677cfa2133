buckets = {
  logs  = {}
  media = { versioning = "Enabled" }
}
