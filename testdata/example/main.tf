# A small shop on AWS: a network, two buckets, a database and a service, one set of variables an environment.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

provider "aws" {
  region = var.region
}

locals {
  name = "shop-${var.environment}"
  buckets = {
    assets = { versioned = false, public = true }
    orders = { versioned = true, public = false }
  }
}

module "network" {
  source      = "./modules/network"
  name        = local.name
  cidr_block  = var.cidr_block
  admin_cidrs = var.admin_cidrs
}

module "bucket" {
  source   = "./modules/bucket"
  for_each = local.buckets

  name      = "${local.name}-${each.key}"
  versioned = each.value.versioned
  public    = each.value.public
}

module "service" {
  source             = "./modules/service"
  name               = local.name
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.subnet_ids
  database           = var.database
  security_group_ids = [module.network.admin_security_group_id]
  bucket_arns        = [for b in module.bucket : b.arn]
}
