environment = "dev"
admin_cidrs = ["10.0.0.0/8"]
database = {
  public      = true
  backup_days = 7
}
