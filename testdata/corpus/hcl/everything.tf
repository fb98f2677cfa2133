# Every form of the language in a few lines.
locals {
  literals  = [null, true, false, 0, 1.5e3, "text", "\n\t\"\\\u00e9\U0001F600"]
  operators = !a || -b + 2 * (3 - c) % 4 >= d && e != f ? "yes" : g ? h : i
  steps     = module.m["k"].list[0].a.0.b.*.c[*].d[var.i]
  calls     = merge({}, flatten([for x in y : x...if false])...) # a comment
  spaces    = provider::ns::fn(1, /* inline */ 2,)
  object = {
    bare      = 1, "quoted" : 2
    (a.b)     = 3
    "k-${a}"  = { for k, v in m : k => v... if k != "" }
  }
  strings  = "a ${~ b ~} c $${d} %%{e} %{ if f ~} g %{ else } h %{ endif } $"
  template = "%{ for i, x in [1, 2] }${i}=${"nested ${x}"}%{ endfor }"
}

resource "aws_instance" web {
  user_data = <<-EOT
    first ${var.line}
      indented $${escaped}
    %{ for h in hosts ~}
    host ${h}
    %{ endfor ~}
  EOT
  plain     = <<END
text
END

  lifecycle { ignore_changes = [tags] }
  dynamic "ebs" {
    for_each = var.disks
    content {
      size = ebs.value.size
    }
  }
}
