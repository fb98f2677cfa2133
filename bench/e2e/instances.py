#!/usr/bin/env python3
"""Projects of ten thousand resource instances: time and memory of `plumbline scan` and `plumbline model`.

  bench/e2e/instances.py [--bin build/release/plumbline] [--runs 3] [--only NAME] [--keep FOLDER]

square   100 instances of a module with 100 resources each, which refer to each other, to locals and to outputs
deep     a chain of 50 modules, each with 200 resources made of what the one above hands down
wide     one resource with for_each over 10,000 keys, and as many that refer to it by key
counted  one module call with count = 1000 and ten resources with dynamic blocks and try()
"""
import argparse
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n\n'


def square(n=100):
    resources = []
    for i in range(n // 4):
        resources.append(f'''
resource "aws_s3_bucket" "b{i}" {{
  bucket = "${{local.prefix}}-{i}"
  tags   = merge(local.tags, {{ Index = "{i}", Zone = local.zones["{i % 3}"] }})
}}

resource "aws_s3_bucket_versioning" "b{i}" {{
  bucket = aws_s3_bucket.b{i}.id
  versioning_configuration {{
    status = var.settings.versioning ? "Enabled" : "Suspended"
  }}
}}

resource "aws_security_group" "g{i}" {{
  name = "${{local.prefix}}-{i}"
  dynamic "ingress" {{
    for_each = {{ for k, r in var.settings.rules : k => r if r.enabled }}
    content {{
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }}
  }}
}}

resource "aws_db_instance" "d{i}" {{
  identifier             = "${{local.prefix}}-{i}"
  publicly_accessible    = try(var.settings.public["{i}"], false)
  vpc_security_group_ids = [aws_security_group.g{i}.id{f", aws_security_group.g{i - 1}.id" if i else ""}]
}}
''')
    module = '''
variable "name" { type = string }
variable "settings" {
  type = object({
    versioning = optional(bool, true)
    public     = optional(map(bool), {})
    rules = optional(map(object({
      port    = number
      cidrs   = list(string)
      enabled = optional(bool, true)
    })), {})
  })
  default = {}
}
locals {
  prefix = lower("app-${var.name}")
  tags   = { Name = local.prefix, Managed = "terraform" }
  zones  = { for i, z in ["a", "b", "c"] : tostring(i) => "eu-west-1${z}" }
}
''' + "".join(resources) + "".join(
        f'output "bucket{i}" {{ value = aws_s3_bucket.b{i}.arn }}\n' for i in range(n // 4))
    main = PROVIDER + '''locals {
  apps = { for i in range(100) : format("%03d", i) => { rules = { ssh = { port = 22, cidrs = ["10.0.0.0/8"] } } } }
}
module "app" {
  source   = "./app"
  for_each = local.apps
  name     = each.key
  settings = each.value
}
output "buckets" { value = [for k, m in module.app : m.bucket0] }
'''
    return {"main.tf": main, "app/main.tf": module}


def deep(levels=50, n=200):
    files = {"main.tf": PROVIDER + 'module "next" {\n  source = "./level0"\n  name   = "root"\n  tags   = { Level = "root" }\n}\n'}
    for level in range(levels):
        body = 'variable "name" { type = string }\nvariable "tags" { type = map(string) }\n' \
               'locals {\n  name = "${var.name}-%d"\n  tags = merge(var.tags, { L%d = local.name })\n}\n' % (level, level)
        body += 'resource "aws_sqs_queue" "q" {\n  count = %d\n  name  = "${local.name}-${count.index}"\n  tags  = local.tags\n}\n' % n
        if level + 1 < levels:
            body += 'module "next" {\n  source = "../level%d"\n  name   = local.name\n  tags   = local.tags\n}\n' % (level + 1)
        body += 'output "queues" { value = concat(aws_sqs_queue.q[*].arn, %s) }\n' % (
            "[module.next.queues[0]]" if level + 1 < levels else "[]")
        files[f"level{level}/main.tf"] = body
    return files


def wide(thousands=10):
    return {"main.tf": PROVIDER + '''locals {
  indices = flatten([for a in range(%d) : [for b in range(1000) : a * 1000 + b]])
  users   = { for i in local.indices : format("user%%05d", i) => { path = "/team${i %% 10}/", admin = i %% 7 == 0 } }
}
resource "aws_iam_user" "u" {
  for_each = local.users
  name     = each.key
  path     = each.value.path
  tags     = { Admin = tostring(each.value.admin) }
}
resource "aws_iam_access_key" "k" {
  for_each = aws_iam_user.u
  user     = aws_iam_user.u[each.key].name
}
''' % thousands}


def counted(n=1000):
    resource = '''
resource "aws_security_group" "g%d" {
  name = try(var.names[%d], "${local.name}-%d")
  dynamic "ingress" {
    for_each = toset(try(var.ports, []))
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = coalesce(var.cidrs, ["10.0.0.0/8"])
    }
  }
}
'''
    module = '''variable "index" { type = number }
variable "ports" { default = [22, 443] }
variable "cidrs" {
  type    = list(string)
  default = null
}
variable "names" { default = [] }
locals { name = "n${var.index}" }
''' + "".join(resource % (i, i, i) for i in range(10))
    return {"main.tf": PROVIDER + 'module "m" {\n  source = "./m"\n  count  = %d\n  index  = count.index\n}\n' % n,
            "m/main.tf": module}


TREES = {"square": square, "deep": deep, "wide": wide, "counted": counted}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def measure(command):
    """(wall seconds, CPU seconds, peak MiB) of one run."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(null, 0), os.dup2(null, 1), os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    os.close(null)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT / "build/release/plumbline"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only")
    parser.add_argument("--keep", help="write the projects here and leave them")
    options = parser.parse_args()
    print(f"{'project':10} {'command':8} {'wall s':>8} {'CPU s':>8} {'MiB':>8}")
    with tempfile.TemporaryDirectory() as temporary:
        for name, make in TREES.items():
            if options.only and options.only not in name:
                continue
            folder = pathlib.Path(options.keep or temporary) / name
            write(folder, make())
            for command in ("scan", "model"):
                runs = [measure([os.path.abspath(options.bin), command, str(folder)]) for _ in range(options.runs)]
                wall, cpu, memory = (min(column) for column in zip(*runs))
                print(f"{name:10} {command:8} {wall:8.3f} {cpu:8.3f} {memory:8.1f}", flush=True)


main()
