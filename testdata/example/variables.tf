variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "environment" {
  type = string
}

variable "cidr_block" {
  type    = string
  default = "10.20.0.0/16"
}

variable "admin_cidrs" {
  description = "Networks that may reach the bastion by SSH."
  type        = list(string)
  default     = []
}

variable "database" {
  type = object({
    instance_class = optional(string, "db.t4g.medium")
    encrypted      = optional(bool, true)
    public         = optional(bool, false)
    backup_days    = optional(number, 7)
  })
  default = {}
}
