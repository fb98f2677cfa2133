"""Expressions for terraform_console.py: systematic products, grouped by topic."""
import itertools
from pathlib import Path

FILES = {
    "main.tf": r'''
terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
resource "terraform_data" "u" { input = "in" }
resource "terraform_data" "many" {
  count = 3
  input = { index = count.index }
}
resource "terraform_data" "keyed" {
  for_each = { x = 1, y = 2 }
  input    = each.value
}
resource "terraform_data" "none" { count = 0 }
variable "nullstr" {
  type    = string
  default = null
}
variable "nulllist" {
  type    = list(string)
  default = null
}
variable "nullobj" {
  type    = object({ a = string })
  default = null
}
variable "opt" {
  type    = object({ a = optional(string, "d"), b = optional(number), c = optional(list(string), []) })
  default = {}
}
locals {
  nul   = null
  unk   = terraform_data.u.id
  unkn  = tonumber(terraform_data.u.id)
  unkb  = tobool(terraform_data.u.id)
  unkd  = terraform_data.u.output
  unkj  = jsondecode(terraform_data.u.id)
  unkl  = split(",", terraform_data.u.id)
  unks  = toset(split(",", terraform_data.u.id))
  unkm  = tomap({ for k in split(",", terraform_data.u.id) : k => k })
  pre   = "abc-${terraform_data.u.id}"
  partl = ["a", terraform_data.u.id, "c"]
  parto = { a = 1, b = terraform_data.u.id }
  lstr  = tolist(["b", "a", "b"])
  lnum  = tolist([3, 1, 2])
  lobj  = tolist([{ a = 1, b = ["x"] }, { a = 2, b = [] }])
  sstr  = toset(["b", "a"])
  snum  = toset([10, 9, 1])
  mstr  = tomap({ k = "v", a = "b" })
  mnum  = tomap({ a = 1, b = 2 })
  obj   = { a = 1, b = "x", c = [1, 2], d = { e = null } }
  objs  = [{ id = 1, tags = ["x"] }, { id = 2, tags = [] }]
  elist = tolist([])
  eset  = toset([])
  emap  = tomap({})
  sec   = sensitive("top")
  secn  = sensitive(5)
  secl  = sensitive(["a", "b"])
  secin = ["a", sensitive("b")]
  secm  = { a = sensitive("x"), b = "y" }
  tpl   = "Hi $${name}!"
}
''',
    "hello.txt": "hello\nworld\n", "empty.txt": "", "bin.dat": b"\xff\xfe\x00",
    "hello.tftpl": "Hello ${name}!\n", "loop.tftpl": "%{ for x in xs ~}\n- ${x}\n%{ endfor ~}\n",
    "self.tftpl": '${templatefile("self.tftpl", {})}', "broken.tftpl": "${", "null.tftpl": "${x}",
    "nested.tftpl": '${templatefile("hello.tftpl", { name = "n" })}',
    "sub/a.txt": "a", "sub/b.md": "b", "sub/é.txt": "e",
}

# One value of each kind that functions, operators and conversions treat differently.
ATOMS = """null|var.nullstr|var.nulllist|var.nullobj|tonumber(null)|true|false|0|1|2|-1|1.5|-2.5|1e30|"" |"a"|"1"|"-1.5"|"true"|"a,b"|
"héllo"|"👨‍👩‍👧‍👦"|[]|{}|local.elist|local.eset|local.emap|["a"]|["b","a",""]|[1,2]|[1,"x",true]|[null]|["a",null]|[[1],[2,3]]|
[["a"],"b",[]]|{a=1}|{a="x",b=true}|{a=[1],b={c=2}}|local.lstr|local.lnum|local.lobj|local.sstr|local.snum|local.mstr|local.mnum|
local.obj|local.objs|toset([[1],[2]])|local.unk|local.unkn|local.unkb|local.unkd|local.unkj|local.unkl|local.unks|local.unkm|local.pre|
local.partl|local.parto|tolist(local.partl)|toset(local.partl)|tomap({a="1",b=local.unk})|local.sec|local.secn|local.secl|local.secin|local.secm|
tolist(local.secin)|tomap(local.secm)|toset(local.secin)|terraform_data.many|terraform_data.keyed|terraform_data.none|[true,false]|["true","x"]|
tolist([null,"a"])|[{a=1},{b=2}]|1/3|9007199254740993""".replace("\n", "").split("|")
SMALL = """null|true|0|3|-1|1.5|"" |"a"|"2"|[]|{}|["a","b"]|[1,[2]]|{a="x"}|local.lstr|local.sstr|local.mnum|local.elist|local.unk|local.unkn|local.unkd|local.unkj|
local.unkl|local.partl|local.sec|local.secin|local.secm|var.nullstr|var.nulllist""".replace("\n", "").split("|")

# Arguments that work, place by place, for every function; a fourth and further ones are variadic.
GOOD = {
    "abs": ["-1.5"], "abspath": ['"x/../y"'], "alltrue": ["[true]"], "anytrue": ["[false]"],
    "base64decode": ['"aGk="'], "base64encode": ['"hi"'], "base64gzip": ['"hi"'],
    "base64sha256": ['"a"'], "base64sha512": ['"a"'], "basename": ['"a/b"'], "ceil": ["1.2"],
    "chomp": ['"a\\n"'], "chunklist": ['["a","b","c"]', "2"], "cidrhost": ['"10.0.0.0/8"', "5"],
    "cidrnetmask": ['"10.0.0.0/12"'], "cidrsubnet": ['"10.0.0.0/8"', "4", "2"],
    "cidrsubnets": ['"10.0.0.0/8"', "4", "4"], "coalesce": ['""', '"b"'],
    "coalescelist": ["[]", '["a"]'], "compact": ['["a",""]'], "concat": ['["a"]', "[1]"],
    "contains": ['["a","b"]', '"a"'], "csvdecode": ['"a,b\\n1,2\\n"'], "dirname": ['"a/b"'],
    "distinct": ['["a","a"]'], "element": ['["a","b"]', "1"], "endswith": ['"abc"', '"c"'],
    "ephemeralasnull": ["1"], "file": ['"hello.txt"'], "filebase64": ['"bin.dat"'],
    "filebase64sha256": ['"hello.txt"'], "filebase64sha512": ['"hello.txt"'],
    "fileexists": ['"hello.txt"'], "filemd5": ['"hello.txt"'], "fileset": ['"sub"', '"*"'],
    "filesha1": ['"hello.txt"'], "filesha256": ['"hello.txt"'], "filesha512": ['"hello.txt"'],
    "flatten": ["[[1],[2]]"], "floor": ["1.7"], "format": ['"%v-%v"', '"a"', "1"],
    "formatdate": ['"YYYY"', '"2024-01-02T03:04:05Z"'],
    "formatlist": ['"%v-%v"', '["a","b"]', '"c"'], "indent": ["2", '"a\\nb"'],
    "index": ['["a","b"]', '"b"'], "issensitive": ["1"], "join": ['","', '["a","b"]', '["c"]'],
    "jsondecode": ['"[1]"'], "jsonencode": ["{a=1}"], "keys": ["{a=1}"], "length": ['"abc"'],
    "log": ["16", "2"], "lookup": ["{a=1}", '"a"', "2"], "lower": ['"A"'],
    "matchkeys": ['["a","b"]', '["1","2"]', '["2"]'], "max": ["1", "2"], "md5": ['"a"'],
    "merge": ["{a=1}", "{b=2}"], "min": ["1", "2"], "nonsensitive": ["local.sec"], "one": ["[1]"],
    "parseint": ['"ff"', "16"], "pathexpand": ['"x"'], "pow": ["2", "3"],
    "range": ["1", "5", "2"], "regex": ['"[a-z]+"', '"abc"'], "regexall": ['"[a-z]"', '"abc"'],
    "replace": ['"hello"', '"l"', '"L"'], "reverse": ["[1,2]"], "rsadecrypt": ['"aGk="', '"x"'],
    "sensitive": ["1"], "setintersection": ['["a","b"]', '["b"]'],
    "setproduct": ['["a","b"]', "[1,2]"], "setsubtract": ['["a","b"]', '["b"]'],
    "setunion": ['["a"]', '["b"]'], "sha1": ['"a"'], "sha256": ['"a"'], "sha512": ['"a"'],
    "signum": ["-3"], "slice": ['["a","b","c"]', "1", "2"], "sort": ['["b","a"]'],
    "split": ['","', '"a,b"'], "startswith": ['"abc"', '"a"'], "strcontains": ['"abc"', '"b"'],
    "strrev": ['"abc"'], "substr": ['"hello"', "1", "2"], "sum": ["[1,2]"],
    "templatefile": ['"hello.tftpl"', '{name="x"}'], "templatestring": ["local.tpl", '{name="x"}'],
    "textdecodebase64": ['"aABpAA=="', '"UTF-16LE"'], "textencodebase64": ['"hi"', '"UTF-16LE"'],
    "timeadd": ['"2024-01-02T03:04:05Z"', '"1h"'],
    "timecmp": ['"2024-01-02T03:04:05Z"', '"2024-01-02T03:04:06Z"'], "title": ['"a b"'],
    "tobool": ['"true"'], "tolist": ["[1]"], "tomap": ["{a=1}"], "tonumber": ['"1"'],
    "toset": ["[1,1]"], "tostring": ["1"], "transpose": ['{a=["x"]}'],
    "trim": ['"xax"', '"x"'], "trimprefix": ['"abc"', '"a"'], "trimspace": ['" a "'],
    "trimsuffix": ['"abc"', '"c"'], "upper": ['"a"'], "urlencode": ['"a b"'],
    "uuidv5": ['"dns"', '"a.b"'], "values": ["{a=1}"], "yamldecode": ['"a: 1"'],
    "yamlencode": ["{a=1}"], "zipmap": ['["a"]', "[1]"], "can": ["1"], "try": ["1"],
}


def calls(name):
    """Every kind of argument in each place, wrong counts, expansion, pairs for two places."""
    good = GOOD[name]
    for i in range(len(good)):
        for atom in ATOMS:
            yield f"{name}({', '.join(good[:i] + [atom] + good[i + 1:])})"
    for n in range(len(good) + 3):
        yield f"{name}({', '.join((good + good[-1:] * 3)[:n])})"
    if len(good) > 1:
        for x, y in itertools.product(SMALL, SMALL):
            yield f"{name}({', '.join([x, y] + good[2:])})"
    joined = ", ".join(good)
    for last in (f"[{joined}]", f"tolist([{joined}])", f"toset([{joined}])", "local.unkl", "null",
                 '"a"', "{a=1}", "local.secl", "local.unkd", "[]", "local.partl"):
        yield f"{name}({last}...)"
    yield f"core::{name}({joined})"
    yield f"{name}({joined},)"


def operators():
    for op in ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"):
        for x, y in itertools.product(ATOMS if op in ("==", "!=") else SMALL, SMALL):
            yield f"{x} {op} {y}"
    for op, x in itertools.product("!-", ATOMS):
        yield f"{op}{x}"


def equality():
    for x, y in itertools.product(ATOMS, ATOMS):
        yield f"{x} == {y}"


def conditionals():
    for c, x, y in itertools.product(("true", "false", "local.unkb", "local.sec == \"top\""), ATOMS, SMALL):
        yield f"{c} ? {x} : {y}"
    for c in ATOMS:
        yield f"{c} ? 1 : 2"
        yield f'{c} ? "a" : null'


def splats():
    for x, s in itertools.product(ATOMS + ["local.objs", "[null]", "[{a=null}]"], (
            "[*]", "[*].a", "[*].id", ".*.a", ".*.id", ".*.tags[0]", "[*].tags[0]", "[*][0]", ".*.tags.0",
            "[0]", ".0", '["a"]', ".a", "[1.0]", '["0"]', "[null]", "[local.unk]", "[local.unkn]",
            "[local.sec]", "[-1]", "[0.5]", "[99]", '["nope"]', ".nope", "[true]", "[[]]", "[*].b[*].c", ".*.b.*.c")):
        yield f"({x.strip()}){s}"
        yield f"[{x.strip()}][0]{s}"


def fors():
    bodies = ("[for v in {} : v]", "[for k, v in {} : k]", "[for k, v in {} : [k, v]]",
              "{{for k, v in {} : k => v}}", "{{for v in {} : v => v}}", "{{for k, v in {} : k => v...}}",
              "{{for v in {} : v => 1...}}", "[for v in {} : v if v != null]", "[for k, v in {} : v if k != 0]",
              '[for v in {} : v if v == "a"]', "[for v in {} : upper(v)]", "[for v in {} : v.a]",
              "{{for k, v in {} : upper(k) => v if k == k}}", "[for v in {} : local.unk]",
              "[for v in {} : v if local.unkb]", "{{for k, v in {} : local.unk => v}}",
              '{{for k, v in {} : "x-${{k}}" => v}}', "[for v in {} : v if null]", "[for v in {} : v if 1]",
              "{{for k, v in {} : null => v}}", "{{for k, v in {} : [] => v}}", "[for v in {} : v if local.sec == v]",
              "{{for k, v in {} : local.sec => v}}", '[for v in {} : v if "true"]', "[for i, v in {} : v...]")
    for b, x in itertools.product(bodies, ATOMS):
        yield b.format(x)


def templates():
    for x in ATOMS:
        x = x.strip()
        yield f'"${{{x}}}"'
        yield f'"a${{{x}}}b"'
        yield f'"${{{x}}}${{{x}}}"'
        yield f'"%{{ if {x} }}y%{{ else }}n%{{ endif }}"'
        yield f'"%{{ if true }}${{{x}}}%{{ endif }}"'
        yield f'"%{{ if false }}${{{x}}}%{{ else }}z%{{ endif }}"'
        yield f'"%{{ for v in {x} }}${{v}},%{{ endfor }}"'
        yield f'"%{{ for k, v in {x} }}${{k}};%{{ endfor }}"'
        yield f'"%{{ for k, v in {x} ~}} ${{k}} %{{~ endfor }}"'
    pieces = (" ", "a", '${"x"}', '${~ "x" ~}', '${~ "x" }', '${ "x" ~}', "%{ if true }", "%{ if true ~}", "%{~ endif ~}", "%{ endif }",
              "\\n", "$", "%", "$$", "%%", "$${", "%%{", "\\t")
    for n in (1, 2, 3):
        for combo in itertools.product(pieces, repeat=n):
            yield '"' + "".join(combo) + '"'


def conversions():
    for f, x in itertools.product(("tostring", "tonumber", "tobool", "tolist", "toset", "tomap", "jsonencode", "yamlencode",
                                   "sensitive", "nonsensitive", "issensitive", "can", "try", "length", "flatten", "keys", "values"), ATOMS):
        yield f"{f}([{x}])"
        yield f"{f}({{a={x}, b={x}}})"
        yield f"{f}([{x}, {x}])"
        yield f'{f}([{x}, "a"])'
        yield f"{f}([[{x}], [1]])"
        yield f"{f}(tolist([{x}]))"
        yield f"{f}({{a={x}, b=1}})"
        yield f'{f}([{{a={x}}}, {{a="s", b=2}}])'


def tries():
    forms = ("try({0}, 1)", "try({0}.a, 1)", "try({0}[0], \"d\")", "can({0}.a)", "can({0}[0])", "try(tonumber({0}), \"n\")",
             "try(local.nul.x, {0})", "try([{0}], 1)", "can([{0}])", "try({0}.a.b, {0})", "try(nonsensitive({0}), {0})",
             "can(tostring({0}))", "try({{a={0}}}, 1)", "try(try({0}.zz, local.nul.q), 2)", "coalesce(try({0}, null), \"x\")",
             "can(regex(\"^[a-z]+$\", {0}))", "try(length({0}), 0)", "length(try({0}, []))")
    for f, x in itertools.product(forms, ATOMS):
        yield f.format(x.strip())


def strings():
    texts = ['""', '"a"', '"hello world"', '" a b "', '"a,b,,c"', '"ÀÉÎ öäü ß"', '"日本語"', '"e\\u0301x"', '"👨‍👩‍👧‍👦ab"', '"a\\nb\\n"',
             '"\\r\\n x \\t"', '"ǆ ﬁ İ ı"', '"ΑΣ Σ"', '"x\\u0000y"', '"\\u200b\\u00a0\\u2003z"', '"aaa"', '"a.b.c"', '"ab\\\\cd"', '"$&[x]"',
             '"🇩🇪🇫🇷"', '"1st o\'neil x-y z_w"', '"\\u1e9e"', '"한국어"', '"\\u0130i"', '"नमस्ते"', '"\\ufeffa"']
    for f, t in itertools.product(("upper", "lower", "title", "strrev", "trimspace", "chomp", "length", "urlencode", "base64encode", "jsonencode",
                                   "yamlencode", "md5", "sha1", "sha256", "sha512", "base64gzip", "base64sha256", "base64sha512", "basename", "dirname"), texts):
        yield f"{f}({t})"
    for f, x, y in itertools.product(("split", "trim", "trimprefix", "trimsuffix", "startswith", "endswith", "strcontains", "regexall"), texts, texts):
        yield f"{f}({x}, {y})"
    for t, a, b in itertools.product(texts, (-20, -2, -1, 0, 1, 2, 20), (-2, -1, 0, 1, 2, 20)):
        yield f"substr({t}, {a}, {b})"
    for t, n in itertools.product(texts, (0, 1, 2, -1, 2.5)):
        yield f"indent({n}, {t})"
    for t, a, b in itertools.product(texts, ('""', '"a"', '"/a/"', '"/(.)/"', '"/"', '"//"', '"/x"', '"."'), ('""', '"X"', '"$1"', '"${1}"', '"$$"', '"$0-"')):
        yield f"replace({t}, {a}, {b.replace('${', '$${')})"


def numbers():
    ns = ("0 -0 1 -1 2 3 7 10 16 64 100 1.5 -1.5 0.1 0.5 -0.5 2.5 3.5 1e3 1e-3 1e21 1e-21 1e100 123456789012345678901234567890 "
          "9007199254740993 0.30000000000000004 18446744073709551616 4294967296 1e308 1e309 1e-400 255 1024 99999999999999999999.5 1/3 2/3 -1/3 10/4").split()
    for f, n in itertools.product(("abs", "ceil", "floor", "signum", "tostring", "jsonencode", "yamlencode", "-", "tonumber", "format(\"%v\",", "format(\"%d\",",
                                   "format(\"%f\",", "format(\"%g\",", "format(\"%e\",", "format(\"%x\",", "format(\"%b\",", "format(\"%s\",", "format(\"%.2f\",",
                                   "format(\"%08.3f\",", "format(\"%+d\",", "format(\"%#v\",", "format(\"%o\",", "format(\"%5d|\",", "format(\"%-8v|\",",
                                   "format(\"%q\",", "format(\"%t\",", "format(\"%G\",", "format(\"%E\",", "format(\"%X\",", "format(\"%.0f\",", "format(\"%.10g\",",
                                   "range(", "sum([", "max(", "min(", "jsondecode(jsonencode("), ns):
        tail = "])" if f == "sum([" else "))" if f.startswith("jsondecode") else ")"
        yield f"{f}({n}{tail}" if "(" not in f else f"{f}{n}{tail}"
    for op, x, y in itertools.product(("+", "-", "*", "/", "%", "==", "<", ">="), ns, ns):
        yield f"{x} {op} {y}"
    for f, x, y in itertools.product(("pow", "log"), ns, ns):
        yield f"{f}({x}, {y})"
    for n in ns:
        yield f'"{n}" + 0'
        yield f'tonumber("{n}")'
        yield f'"${{{n}}}"'
        yield f'parseint("{n}", 10)'
    for s in ('"0x10"', '"1_000"', '" 1"', '"1 "', '"+1"', '"1."', '".5"', '"1e5"', '"1E+5"', '"Inf"', '"-Inf"', '"NaN"', '"0b1"', '"0o7"', '"1p3"', '"٣"', '"--1"', '"1e"',
              '"infinity"', '"0x1p-2"', '"1e1000"', '"1e-1000"', '"007"', '"-0"', '"1e99999"'):
        yield f"tonumber({s})"
        yield f"{s} * 2"
        for b in (2, 8, 10, 16, 36, 62, 0, 1, 63, -1):
            yield f"parseint({s}, {b})"
    for s, b in itertools.product(("Ff", "-ff", "zZ", "0", "", "-", "+5", "0xff", "1_0", "９"), (2, 8, 10, 16, 36, 37, 62)):
        yield f'parseint("{s}", {b})'
    for x, y in itertools.product((0, 1, -1, 5, 2.5, 10), repeat=2):
        yield f"range({x}, {y})"
        for z in (1, -1, 2, 0, 0.5, -2.5):
            yield f"range({x}, {y}, {z})"


def formats():
    args = ('"x"', '"héé"', "5", "-5", "3.7", "true", "null", "[1]", '{a="b"}', "local.lstr", "local.unk", "local.sec", '""', "local.unkn", "local.pre", "local.unkd", "1e30", "tolist([])", "var.nullstr")
    specs = ("%s %q %d %f %v %#v %t %x %X %b %o %e %g %G %E %c %U %T %p %5s| %-5s| %05d %+d %.2f %6.2f| %.1s %5q| %-8v| % d %#x %#o %08b %1$s %[1]s %[1]v%[1]v %[2]s %% %*d %.*f %5% %z %- %"
             ' %5.1s| %05s %-05d| %+q %x| %+.2e %10v| %010v| %+v %#d %#f %020.5f| %s%s %v%% a%').split(" ")
    for s, a in itertools.product([x for x in specs if x], args):
        yield f'format("{s}", {a})'
    for a in args:
        yield f'formatlist("%v-%v", {a}, ["p","q"])'
        yield f'formatlist("%v", {a})'
        yield f'formatlist("%v:%v", ["a"], {a})'
        yield f'format("abc%v", {a})'
        yield f'format("%v%v", {a}, local.unk)'
        yield f'format({a}, {a})'
    for e in ('formatlist("%s", [])', 'formatlist("%s-%s", ["a","b"], ["c"])', 'formatlist("x")', 'formatlist("%s")', 'format("%s")', 'format("x", 1)', 'format("%[3]s", 1, 2)',
              'format("%[2]s %[1]s", 1, 2)', 'format("%[0]s", 1)', 'format("%[1]s %s", 1, 2)', 'format("%[2]*[1]d", 1, 5)', 'format("%[", 1)', 'format("%[x]s", 1)', 'format("%[1", 1)',
              'formatlist("%s", ["a", local.unk])', 'formatlist("%s", local.unkl)', 'formatlist("%s-%s", local.secl, "b")', 'formatlist("%s", local.secin)', 'formatlist("%s", local.sstr)', 'formatlist("%d", ["a"])',
              'formatlist("%s", [["a"],["b"]])', 'formatlist("%s", {a=1})', 'formatlist("%s %s", [], "a")', 'formatlist("%s", null)', 'formatlist("%s", [null])', 'formatlist("%v", [null])'):
        yield e


def encodings():
    docs = ["[]", "{}", "null", "true", "1", "1.50", "-0", "1e3", '\\"a\\"', "[1,2,[3]]", '{\\"a\\":1,\\"b\\":{\\"c\\":null}}', '{\\"a\\":1,\\"a\\":2}', "[1,]", "{a:1}", "", " ", "01", "nul",
            '\\"\\\\u00e9\\\\ud83d\\\\ude00\\"', '\\"\\\\ud83d\\"', "1 2", "[1][2]", '[\\"a\\",1]', "[1,2] ", "123456789012345678901234567890", "1e400", "'a'", "NaN", '\\"\\n\\"', "// c", "[", '{\\"\\":1}', '\\"e\\\\u0301\\"']
    for d in docs:
        yield f'jsondecode("{d}")'
        yield f'yamldecode("{d}")'
        yield f'jsonencode(jsondecode("{d}"))'
        yield f'yamlencode(jsondecode("{d}"))'
    ys = ["a: 1", "a: [1, 2]", "- a\\n- b", "a: |\\n  x\\n  y\\n", "a: >\\n  x\\n  y\\n", "a: &x 1\\nb: *x", "<<: {a: 1}\\nb: 2", "a: &m {x: 1}\\nb:\\n  <<: *m\\n  y: 2", "!!str 1", "!!int \\\"1\\\"", "!!float 1", "!!bool \\\"true\\\"",
          "!!null x", "!!binary aGk=", "!!set {a, b}", "!foo 1", "!!timestamp 2001-01-01", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "0x1F", "0o17", "017", "0b11", "1_000", ".5", "1.", "1e3", "+1", ".inf", "-.inf", ".nan",
          "~", "", "null", "Null", "NULL", "yes", "no", "on", "off", "y", "n", "Yes", "TRUE", "True", "tRUE", "? a\\n: b", "{a, b}", "[a, b: c]", "a: b: c", "a\\n b", "'it''s'", "\\\"a\\\\tb\\\"", "\\\"\\\\x41\\\\u00e9\\\"", "a: 'x\\n\\n  y'", "---\\na: 1",
          "---\\na: 1\\n---\\nb: 2", "--- 1\\n...", "%YAML 1.2\\n---\\n1", "a: 1\\na: 2", "1: a", "true: b", "null: c", "[a]: b", "1.5: x", "a: *x", "&a [*a]", "- - 1\\n  - 2\\n- 3", "a:\\n- 1\\n- 2", "a: # c\\n  b", "# only", "a: \\\"x # y\\\"", "a:b",
          "{\\\"a\\\":1}", "{a:1}", "[1,2", "a: @b", "a: `b", "a: %b", "\\tx: 1", "- 1\\n -2", "12:30:45", "190:20:30", "1,000", "0.1e-2", "0xZ", "-0x10", "1e", "=", "<<", "! a", "!!seq [1]", "!!map {a: 1}", "!!omap [a: 1]", "|\\n a\\n b\\n", ">-\\n a\\n b\\n", "|+\\n a\\n\\n",
          "|2\\n   a", "é: ü", "\\\"\\\\ud83d\\\\ude00\\\"", "a: !!str 2001-01-01", "123456789012345678901234567890", "1.1234567890123456789", "9223372036854775808", "-9223372036854775809", "1e400"]
    for y in ys:
        yield f'yamldecode("{y}")'
        yield f'yamlencode(try(yamldecode("{y}"), 1))'
        yield f'yamldecode("k: {y}")' if "\\n" not in y else f'yamldecode("{y}\\n")'
        yield f'yamldecode("- {y}")' if "\\n" not in y else f'yamldecode("{y} ")'
    for s in ("a", "a b", "yes", "no", "null", "~", "1", "1.5", "0x1", "true", "- a", "a: b", "#x", "x #y", " a", "a ", "", "'", "\\\"", "\\n", "a\\nb", "a\\nb\\n", "\\na", "a\\n\\n", "é", "👍", "\\t", "{", "[", "*a", "&a", "!a", "|", ">", "%", "@", "`", "=", "<<", "2001-01-01", "\\u0007",
              "\\u0085", "\\u2028", "\\ufeff", "a:", ":a", ",", "?", "-", "---", "...", "1e3", ".5", "+1", "1_000", "0o7", "12:30", "a" * 100, "a b " * 40, "on", "off", "y", "N", "Null", "  a\\n b", "a\\tb", "a\\r\\nb", "\\u00a0", "<>&", "0b1", "1,2", ".inf", ".nan", "null ", "key: |\\n  x"):
        yield f'yamlencode("{s}")'
        yield f'yamlencode({{"{s}" = ["{s}"]}})'
        yield f'jsonencode({{"{s}" = ["{s}"]}})'
        yield f'yamlencode([{{a = "{s}", b = ["{s}", {{}}]}}, [], {{}}, [["{s}"]]])'
        yield f'urlencode("{s}")'
    for c in ("a,b\\n1,2\\n", "a,b\\n1\\n", "a,a\\n1,2\\n", "", "a", "a\\n", "a,b\\r\\n1,2\\r\\n", "a,\\\"b\\\"\\n\\\"x\\\"\\\"y\\\",\\\"2\\n3\\\"\\n", "a,b\\n\\n1,2\\n", "a;b\\n1;2", " a , b \\n 1 , 2 \\n", "a\\n\\\"x", "a\\nx\\\"y", "\\ufeffa,b\\n1,2", "é,ü\\n1,2", ",\\n1,2", "a,b\\n1,2,3", "#a\\n1", "a,b\\n,\\n"):
        yield f'csvdecode("{c}")'
    for s in ("aGk=", "aGk", "a", "====", "aGk=\\n", "a Gk=", "/+8=", "_-8=", "//4=", "4pi6", "aGk==", "YWJj\\nZGVm", "gA==", "ww=="):
        yield f'base64decode("{s}")'
    for e in ("UTF-8", "utf-8", "utf8", "UTF-16LE", "UTF-16BE", "UTF-16", "ISO-8859-1", "latin1", "ISO-8859-15", "windows-1252", "cp1252", "Windows-1251", "KOI8-R", "Shift_JIS", "EUC-JP", "ISO-2022-JP", "GBK", "GB18030", "GB2312", "Big5", "EUC-KR", "US-ASCII", "ascii",
              "IBM437", "cp437", "IBM850", "macintosh", "UTF-32", "UTF-32LE", "UTF-7", "nope", "", "ISO-8859-2", "ISO-8859-6", "ISO-8859-8", "ISO-8859-16", "windows-1250", "windows-874", "TIS-620", "KOI8-U", "IBM037", "IBM866", "x-user-defined", "HZ-GB-2312", "iso-ir-100", "csUTF8", "csISOLatin1", "x-mac-cyrillic", "ISO-8859-10",
              "ISO-8859-13", "ISO-8859-14", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-7", "ISO-8859-9", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258", "UCS-2", "ISO-10646-UCS-2", "IBM00858", "IBM862", "IBM863", "IBM865", "IBM852", "IBM855", "IBM860", "IBM1047", "IBM01140", "hp-roman8"):
        for t in ("abc", "é", "ß€", "日本", "Привет", "한", "👍", "", "שלום", "ก", "ż"):
            yield f'textencodebase64("{t}", "{e}")'
        for t in ("YWJj", "6eg=", "gIE=", "//79", "AGEAYg==", "YQBiAA==", "jJ3E3A==", "", "a", "xNw=", "G1skQg=="):
            yield f'textdecodebase64("{t}", "{e}")'


def dates():
    ts = ("2024-01-02T03:04:05Z", "2024-02-29T23:59:59+05:30", "1999-12-31T00:00:00.123456789Z", "2024-06-15T12:00:00-08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-01-02 03:04:05Z", "2024-01-02", "2023-02-29T00:00:00Z", "2024-01-02T03:04:60Z", "2024-01-02T24:00:00Z",
          "2024-01-02t03:04:05z", "2024-01-02T03:04:05", "2024-1-2T03:04:05Z", "", "x", "2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05-00:00", "2024-01-02T03:04:05+24:00", "2024-01-02T03:04:05,5Z", "2024-13-02T03:04:05Z", "2024-01-02T03:04:05+0530")
    fs = ("YYYY-MM-DD'T'hh:mm:ssZ", "YY M D", "EEEE, EEE E", "MMMM MMM MM M", "HH:mm AA aa A a", "H h", "ZZZZZ ZZZZ ZZZ ZZ Z", "'it''s'", "'", "''", "YYY", "YYYYY", "DDD", "hhh", "mmm", "sss", "S", "Y", "X", "x", "", "MMMMM", "EE", "W", "-/:, .", "'é'YYYY", "AAA", "m s", "hh'h'", "é", "N", "1")
    for f, t in itertools.product(fs, ts):
        yield f'formatdate("{f}", "{t}")'
    for t, d in itertools.product(ts, ("1h", "-1h", "1.5h", "90m", "1h30m10s", "1ms", "1us", "1µs", "1ns", "0", "0s", "1d", "h", "", "1", "-", "+5m", "10000h", "-876000h", ".5s", "1h -5m", "9223372036854775807ns", "9999999999h", "1e3s", "1 h", "87600000h")):
        yield f'timeadd("{t}", "{d}")'
    for x, y in itertools.product(ts, ts):
        yield f'timecmp("{x}", "{y}")'


def networks():
    ps = ("10.0.0.0/8", "10.1.2.3/16", "192.168.0.0/24", "0.0.0.0/0", "10.0.0.1/32", "10.0.0.0/31", "fd00::/8", "2001:db8::/32", "::/0", "::1/128", "fe80::1%eth0/64", "10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "::ffff:10.0.0.0/104", "", "x", "10.0.0.0/08", "10.0.0.0/-1",
          "2001:db8::/129", "::ffff:1.2.3.4/24", "1.2.3.4/ 8", "10.0.0.256/8", "2001:DB8::/48", "64:ff9b::1.2.3.4/96")
    hs = ("0", "1", "-1", "5", "255", "256", "-256", "-257", "16777216", "1e30", "1.5", "4294967296", "18446744073709551616", "-2")
    for p in ps:
        yield f'cidrnetmask("{p}")'
        for h in hs:
            yield f'cidrhost("{p}", {h})'
            for n in ("0", "1", "8", "24", "32", "33", "-1", "64", "1.5", "128"):
                yield f'cidrsubnet("{p}", {n}, {h})'
        for n in ("", ", 0", ", 1", ", 8, 8", ", 4, 4, 8, 4", ", 1, 1, 1", ", 33", ", 64", ", -1", ", 1.5", ", 2, 1, 2", ", 120, 1", ", 16, 8, 4, 2"):
            yield f'cidrsubnets("{p}"{n})'


def regexes():
    rs = ("a", "(a)(b)?", "(?P<x>a)(?P<y>.)?", "(?P<x>a)(b)", "[", "(", "a{2,1}", "a{1001}", "\\\\d+", "\\\\p{Greek}", "\\\\pL", "[[:alpha:]]+", "(?i)A", "(?s).", "(?m)^b$", "^$", "a*?", "(?U)a+", "a|b|", "\\\\bx", "\\\\Qa.b\\\\E", "x*", "\\\\1", "(?=a)", "(?!a)", "(?<x>a)", "\\\\x{41}", "[^a]", "\\\\C", ".", "\\\\z", "\\\\Z",
          "a++", "a**", "(?:a)", "\\\\h", "\\\\u0041", "\\\\/", "[a-", "[z-a]", "\\\\pN", "\\\\P{L}", "\\\\A", "\\\\S+", "\\\\W", "()", "(|a)+", "(a|ab)(c|bcd)(d*)", "[\\\\d-z]", "é", "\\\\p{Foo}", "(?P<a>x)|(?P<a>y)", "((a)(b(c)?))", "\\\\a", "\\\\e", "{", "a{,2}", "a{2", "*", "(?#c)a", "[]a]", "[^]", "\\\\0", "\\\\07", "\\\\8", "(?P<1a>x)", "(?P<>x)", "(?x) a")
    ss = ("", "a", "ab", "aab", "abc", "abcd", "A\\nb\\nc", "x.y", "héé α1", "aaa bbb", "12-34", "{", "/")
    for r, s in itertools.product(rs, ss):
        yield f'regex("{r}", "{s}")'
        yield f'regexall("{r}", "{s}")'
        yield f'replace("{s}", "/{r}/", "<$1>")'
    for s in ("$0", "$1", "$x", "$${x}", "$${1}y", "$1y", "$$", "$", "$9", "$-", "\\\\1", "$é", "a$"):
        yield f'replace("abab", "/(?P<x>a)(b)/", "{s}")'
        yield f'replace("abab", "a", "{s}")'


def filesystem():
    for p in ("hello.txt", "./hello.txt", "sub/../hello.txt", "nope", "", ".", "sub", "bin.dat", "/etc/nope", "~/nope", "sub/é.txt", "empty.txt", "hello.txt/", "sub//a.txt"):
        for f in ("file", "fileexists", "filebase64", "filemd5", "filesha1", "filesha256", "filesha512", "filebase64sha256", "filebase64sha512", "basename", "dirname", "try(abspath", "pathexpand"):
            if f.startswith("try"):
                yield f'basename(abspath("{p}"))'
            elif not (f == "pathexpand" and p.startswith("~")):
                yield f'{f}("{p}")'
        for v in ("{}", '{name="x"}', '{name=1, other=2}', "{name=null}", "{name=[]}", "[]", "null", "local.unkm", "{name=local.unk}", "{name=local.sec}", '{"a b"=1}', "local.mstr", '{xs=["a","b"]}'):
            yield f'templatefile("{p}", {v})'
    for p, v in itertools.product(("hello.tftpl", "loop.tftpl", "self.tftpl", "broken.tftpl", "null.tftpl", "nested.tftpl"), ("{}", '{name="x"}', "{xs=[1,2]}", "{xs=[]}", "{xs=null}", "{xs=local.unkl}", "{x=1}", "{x=[1]}", "{x=null}", '{name=local.unk}', '{name=local.sec}', "sensitive({name=1})", "{name=true,xs={a=1}}")):
        yield f'templatefile("{p}", {v})'
    for d, p in itertools.product((".", "sub", "nope", "", "./sub", "sub/", "hello.txt"), ("*", "**", "*.txt", "**/*.txt", "{a,b}.*", "[a-b].*", "[!a]*", "a.txt", "../*", "*.{txt,md}", "", "**/a*", "?.txt", "[", "{a", "./*", "sub/*", "\\\\*", "*/", "é*", "**.txt", "[^a]*", "{,a}.txt", "s**")):
        yield f'[for f in fileset("{d}", "{p}") : f if !startswith(f, ".terraform") && !startswith(f, "terraform.tfstate")]'
    for t in ("local.tpl", '"$${x}"', "local.nul", "local.obj.b", "local.unk", "local.sec", 'upper("a")', "local.lstr[0]", "local.lstr", '"a"', "terraform_data.u.input", "var.nullstr", "local.obj", "path.module", "(local.tpl)", "local.mstr[\"k\"]", "local.pre"):
        for v in ("{}", '{name="x"}', "[]", "null", "{name=local.unk}", "{name=local.sec}", "local.mstr", "1", "{name=[]}"):
            yield f"templatestring({t}, {v})"


def syntax():
    """Expressions chosen one by one: what is grammar and what is not, references, marks, unknowns."""
    yield from (Path(__file__).parent / "terraform_syntax.txt").read_text().split("\n")[:-1]


def topics():
    table = {f"call {name}": list(calls(name)) for name in GOOD}
    for make in (operators, equality, conditionals, splats, fors, templates, conversions, tries, strings, numbers, formats, encodings, dates,
                 networks, regexes, filesystem, syntax):
        table[make.__name__] = list(make())
    return {name: [e for e in cases if "\n" not in e] for name, cases in table.items()}
