environment = "prod"
admin_cidrs = ["0.0.0.0/0"]
database = {
  encrypted   = false
  backup_days = 14
}
