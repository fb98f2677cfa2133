#!/usr/bin/env python3
"""The whole way of a remote module, from a scan to a registry, archives and git repositories on loopback and back.

  loopback_test.py PLUMBLINE [TEST…]
Nothing leaves this machine: the server is a thread of this test, git repositories are made on the fly.
"""
import contextlib
import hashlib
import http.server
import io
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
import zipfile

PLUMBLINE = pathlib.Path(sys.argv[1]).resolve()

OPEN_DB = 'resource "aws_db_instance" "d" {\n  storage_encrypted = false\n}\n'
RULE = "aws-rds-instance-not-encrypted"


def tar(files, mode="w:gz", links=(), prefix=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
        for name, target, kind in links:
            info = tarfile.TarInfo(prefix + name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return out.getvalue()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        path, _, query = self.path.partition("?")
        self.server.requests.append(self.path)
        if path.startswith("/git/"):
            return self.git(path[4:], query)
        route = self.server.routes.get(path)
        if callable(route):
            route = route(self)
        status, headers, body = route if route else (404, {}, b"")
        self.send(status, headers, body)

    def send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def git(self, path, query):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while (n := int(self.rfile.readline(), 16)) > 0:
                body += self.rfile.read(n)
                self.rfile.readline()
            self.rfile.readline()
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.server.repositories), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "HOME": str(self.server.repositories),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        }
        run = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
        head, _, rest = run.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.send(int(headers.pop("Status", "200 OK").split()[0]), headers, rest)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def start_server(repositories, context=None):
    server = Server(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.routes, server.requests, server.repositories = {}, [], repositories
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Loopback(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="plumbline-fetch-"))
        for name in ("home", "project", "repositories"):
            (self.top / name).mkdir()
        self.project = self.top / "project"
        (self.project / ".git").mkdir()
        self.server = start_server(self.top / "repositories")
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.top / "home"), "PLUMBLINE_CACHE_DIR": str(self.top / "cache"),
            "PLUMBLINE_MODULE_REGISTRY": self.host, "TMPDIR": str(self.top), "LC_ALL": "C",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.top, ignore_errors=True)

    # --- what the tests are made of ---

    def write(self, files, root=None):
        for name, text in files.items():
            path = (root or self.project) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def call(self, source, version=None, name="m", more=""):
        line = f'  version = "{version}"\n' if version else ""
        self.write({"main.tf": f'module "{name}" {{\n  source = "{source}"\n{line}{more}}}\n'})

    def run_plumbline(self, *arguments, **options):
        environment = dict(self.environment, **options.pop("environment", {}))
        return subprocess.run([str(PLUMBLINE), *arguments], cwd=self.project, env=environment, capture_output=True,
                              text=True, timeout=120, **options)

    def scan(self, *arguments, download=True, **options):
        flags = ["--download-modules"] if download else []
        run = self.run_plumbline("scan", ".", "--format", "json", *flags, *arguments, **options)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return json.loads(run.stdout)["findings"]

    def findings(self, *arguments, rule=RULE, **options):
        return [f for f in self.scan(*arguments, **options) if f["rule_id"] == rule]

    def assert_scanned(self, file, *arguments, **options):
        found = self.findings(*arguments, **options)
        self.assertEqual([f["file"] for f in found], [file])
        return found[0]

    def assert_refused(self, *texts, **options):
        found = [f for f in self.scan(**options) if f["rule_id"].startswith("module-")]
        self.assertEqual(len(found), 1, found)
        self.assertEqual((found[0]["rule_id"], found[0]["resource"], found[0]["file"], found[0]["line"], found[0]["status"]),
                         ("module-unavailable", "module.m", "main.tf", 2, "fail"))
        for text in texts:
            self.assertIn(text, found[0]["message"])
        self.assertFalse((self.top / "x").exists())
        trees = self.top / "cache/modules/trees"
        self.assertEqual(list(trees.iterdir()) if trees.exists() else [], [])
        temporary = self.top / "cache/modules/tmp"
        self.assertEqual(list(temporary.iterdir()) if temporary.exists() else [], [])

    def serve(self, path, body, status=200, headers=None):
        self.server.routes[path] = (status, headers or {}, body if isinstance(body, bytes) else body.encode())

    def registry(self, name, versions, namespace="acme"):
        """versions: version → address"""
        base = f"/v1/modules/{namespace}/{name}/aws"
        self.serve("/.well-known/terraform.json", json.dumps({"modules.v1": "/v1/modules/"}))
        self.serve(f"{base}/versions", json.dumps({"modules": [{"versions": [{"version": v} for v in versions]}]}))
        for version, address in versions.items():
            self.serve(f"{base}/{version}/download", b"", 204, {"X-Terraform-Get": address})

    def repository(self, name, files, tag="v1", links=()):
        folder = self.top / "repositories" / name
        folder.mkdir(exist_ok=True)
        self.write(files, folder)
        for path, target in links:
            (folder / path).symlink_to(target)
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        git = lambda *a: subprocess.run(["git", *identity, *a], cwd=folder, check=True, capture_output=True, text=True,
                                        env={"PATH": os.environ["PATH"], "HOME": str(self.top / "home")}).stdout.strip()
        if not (folder / ".git").exists():
            git("init", "-q", "-b", "main", ".")
        git("add", "-A")
        git("commit", "-qm", "x")
        if tag:
            git("tag", tag)
        return git

    # --- registries ---

    def test_registry_gives_the_newest_version_that_matches(self):
        self.registry("db", {v: f"{self.url}/db-{v}.zip" for v in ("1.2.0", "1.10.0", "1.11.0-beta1", "2.0.0")})
        for v in ("1.2.0", "1.10.0", "2.0.0"):
            self.serve(f"/db-{v}.zip", zipped({"main.tf": OPEN_DB}))
        self.call("acme/db/aws", "~> 1.2")
        found = self.assert_scanned("acme/db/aws@1.10.0//main.tf")
        self.assertEqual((found["resource"], found["line"]), ("module.m.aws_db_instance.d", 2))
        # Without the flag the cache is read, and nothing is sent.
        before = len(self.server.requests)
        self.assert_scanned("acme/db/aws@1.10.0//main.tf", download=False)
        self.assert_scanned("acme/db/aws@1.10.0//main.tf", download=False, environment={"PLUMBLINE_MODULE_REGISTRY": ""})
        self.assertEqual(len(self.server.requests), before)
        # An exact version that is there needs no network even with it.
        self.call("acme/db/aws", "1.10.0")
        self.assert_scanned("acme/db/aws@1.10.0//main.tf")
        self.assertEqual(len(self.server.requests), before)

    def test_registry_locations(self):
        self.repository("db", {"modules/db/main.tf": OPEN_DB})
        self.serve("/v1/modules/acme/a/aws/1.0.0/db.tgz", tar({"modules/db/main.tf": OPEN_DB}))
        self.serve("/whole.tar.xz", tar({"modules/db/main.tf": OPEN_DB}, "w:xz"))
        self.serve("/ball", tar({"modules/db/main.tf": OPEN_DB}, prefix="repo-abc/"))
        for name, address in {"a": "./db.tgz", "b": "/whole.tar.xz", "c": f"git::{self.url}/git/db/.git?ref=v1",
                              "d": f"{self.url}/ball//*?archive=tar.gz"}.items():
            self.registry(name, {"1.0.0": address})
            self.call(f"{self.host}/acme/{name}/aws//modules/db", "1.0.0")
            prefix = "repo-abc/" if name == "d" else ""
            self.assert_scanned(f"{self.host}/acme/{name}/aws@1.0.0//{prefix}modules/db/main.tf")

    def test_registry_wants_a_token(self):
        def guarded(handler):
            if handler.headers.get("Authorization") != "Bearer secret":
                return 401, {}, b""
            return 200, {}, json.dumps({"modules": [{"versions": [{"version": "1.0.0"}]}]}).encode()

        self.registry("db", {"1.0.0": f"{self.url}/db.zip"})
        self.server.routes["/v1/modules/acme/db/aws/versions"] = guarded
        self.serve("/db.zip", zipped({"main.tf": OPEN_DB}))
        self.call("acme/db/aws", "1.0.0")
        self.assert_refused("answered 401", "TF_TOKEN_")
        (self.top / "home/.terraformrc").write_text(f'credentials "{self.host}" {{\n  token = "secret"\n}}\n')
        self.assert_scanned("acme/db/aws@1.0.0//main.tf")
        (self.top / "home/.terraformrc").unlink()
        shutil.rmtree(self.top / "cache")
        variable = "TF_TOKEN_" + self.host.replace(".", "_").replace(":", "_")
        self.assert_scanned("acme/db/aws@1.0.0//main.tf", environment={variable: "secret"})

    def test_registry_failures(self):
        self.registry("db", {"1.0.0": f"{self.url}/db.zip"})
        self.call("acme/db/aws", "~> 2.0")
        self.assert_refused("none that matches the version constraint")
        self.call("acme/nothing/aws", "1.0.0")
        self.assert_refused("has no module acme/nothing/aws")
        self.call("acme/db/aws", "1.0.0")
        self.assert_refused("/db.zip answered 404")
        self.serve("/v1/modules/acme/db/aws/versions", b"", 500)
        self.assert_refused("answered 500")
        self.serve("/v1/modules/acme/db/aws/versions", b"no json")
        self.assert_refused("did not answer with a JSON object")
        self.serve("/.well-known/terraform.json", b"{}")
        self.assert_refused("offers no modules.v1")
        self.call("127.0.0.1:1/acme/db/aws", "1.0.0")
        self.assert_refused("the registry 127.0.0.1:1 cannot be used", "cannot be reached")
        self.call("acme/db/aws", "1.0.0")
        self.assert_refused("--module-registry", environment={"PLUMBLINE_MODULE_REGISTRY": ""})

    def test_modules_call_modules(self):
        self.registry("outer", {"1.0.0": f"{self.url}/outer.zip"})
        self.registry("inner", {"3.0.0": f"{self.url}/inner.zip"})
        inner = f'module "i" {{\n  source = "{self.host}/acme/inner/aws"\n  version = ">= 3"\n}}\n'
        self.serve("/outer.zip", zipped({"main.tf": 'module "sub" {\n  source = "./sub"\n}\n', "sub/main.tf": inner}))
        self.serve("/inner.zip", zipped({"main.tf": OPEN_DB}))
        self.call("acme/outer/aws", "1.0.0")
        found = self.assert_scanned(f"{self.host}/acme/inner/aws@3.0.0//main.tf")
        self.assertEqual(found["resource"], "module.m.module.sub.module.i.aws_db_instance.d")
        # Step by step back to the line that a person can change.
        self.assertEqual([(o["file"], o["line"], o["what"]) for o in found["origin"]],
                         [("acme/outer/aws@1.0.0//sub/main.tf", 1, 'called by module "i"'),
                          ("acme/outer/aws@1.0.0//main.tf", 1, 'called by module "sub"'),
                          ("main.tf", 1, 'called by module "m"')])

    def test_several_calls_of_one_module_are_one_finding(self):
        self.serve("/x.zip", zipped({"main.tf": OPEN_DB}))
        self.write({"main.tf": "".join(f'module "{n}" {{\n  source = "{self.url}/x.zip"\n}}\n' for n in "abc")})
        found = self.assert_scanned(f"{self.url}/x.zip//main.tf")
        self.assertEqual(found["instances"], ["module.b.aws_db_instance.d", "module.c.aws_db_instance.d"])
        self.assertEqual(self.server.requests, ["/x.zip"])

    # --- archives ---

    def test_archives(self):
        files = {"a/main.tf": OPEN_DB, "a/sub/main.tf": OPEN_DB}
        for suffix, body in {"zip": zipped(files), "tar.gz": tar(files), "tgz": tar(files), "tar.bz2": tar(files, "w:bz2"),
                             "tar.xz": tar(files, "w:xz")}.items():
            self.serve(f"/x.{suffix}", body)
            self.call(f"{self.url}/x.{suffix}//a/sub")
            self.assert_scanned(f"{self.url}/x.{suffix}//a/sub/main.tf")
            self.assert_scanned(f"{self.url}/x.{suffix}//a/sub/main.tf", download=False)
        self.serve("/get", zipped(files))
        self.call(f"{self.url}/get//a?archive=zip&token=1")
        self.assert_scanned(f"{self.url}/get//a/main.tf")
        self.assertIn("/get?token=1", self.server.requests)

    def test_addresses_that_name_others(self):
        self.serve("/x.zip", zipped({"a/main.tf": OPEN_DB}))
        self.serve("/header", b"", 200, {"X-Terraform-Get": "./x.zip//a"})
        self.serve("/page", b"<html><meta name='terraform-get' content='%s/x.zip'></html>" % self.url.encode())
        self.serve("/old", b"", 302, {"Location": "/x.zip?archive=zip"})
        self.serve("/loop.zip", b"", 302, {"Location": "/loop.zip"})
        self.serve("/circle", b"", 200, {"X-Terraform-Get": f"{self.url}/circle"})
        self.serve("/plain", b"hello")
        self.call(f"{self.url}/header")
        self.assert_scanned(f"{self.url}/header//a/main.tf")
        self.call(f"{self.url}/page//a")
        self.assert_scanned(f"{self.url}/page//a/main.tf")
        self.call(f"{self.url}/old//a?archive=zip")
        self.assert_scanned(f"{self.url}/old//a/main.tf")
        shutil.rmtree(self.top / "cache")
        self.call(f"{self.url}/loop.zip")
        self.assert_refused("redirects more than 10 times")
        self.call(f"{self.url}/circle")
        self.assert_refused("addresses lead to each other more than 5 times")
        self.call(f"{self.url}/plain")
        self.assert_refused("is no archive by its name")

    def test_checksums(self):
        body = zipped({"main.tf": OPEN_DB})
        self.serve("/x.zip", body)
        self.call(f"{self.url}/x.zip?checksum=sha256:{'0' * 64}")
        self.assert_refused("has the checksum", "expected 0000")
        self.call(f"{self.url}/x.zip?checksum={hashlib.sha256(body).hexdigest()}")
        self.assert_scanned(f"{self.url}/x.zip//main.tf")
        before = len(self.server.requests)
        self.assert_scanned(f"{self.url}/x.zip//main.tf")
        self.assertEqual(len(self.server.requests), before)

    def test_poisoned_archives(self):
        good = {"main.tf": OPEN_DB}
        whole = tar({"main.tf": OPEN_DB, "noise": os.urandom(200_000).hex()})
        cases = {
            "dots": (tar({**good, "../../../../x": "x"}), '"../../../../x", whose path leads out of it'),
            "absolute": (tar({**good, f"{self.top}/x": "x"}), "whose path is absolute"),
            "link": (tar(good, links=[("l", "/etc/passwd", tarfile.SYMTYPE)]), '"l" to "/etc/passwd", which leads out of it'),
            "through": (tar({**good}, links=[("l", "../..", tarfile.SYMTYPE)]), "which leads out of it"),
            "hard": (tar(good, links=[("l", "/etc/passwd", tarfile.LNKTYPE)]), "absolute"),
            "device": (tar(good, links=[("d", "", tarfile.CHRTYPE)]), "neither file, folder nor link"),
            "bomb": (tar({**good, "b": "0" * (200 << 20)}), "archive bomb"),
            "cut": (whole[: len(whole) // 2], "damaged"),
            "none": (b"this is no archive", "archive"),
            "empty": (tar({}), "holds no files"),
        }
        for name, (body, message) in cases.items():
            with self.subTest(name):
                self.serve(f"/{name}.tar.gz", body)
                self.call(f"{self.url}/{name}.tar.gz")
                self.assert_refused(message)
        self.serve("/dots.zip", zipped({**good, "../x": "x"}))
        self.call(f"{self.url}/dots.zip")
        self.assert_refused("leads out of it")

    def test_servers_that_do_not_answer(self):
        def hang(_):
            time.sleep(8)
            return 200, {}, b""

        self.server.routes["/slow.zip"] = hang
        self.call(f"{self.url}/slow.zip")
        started = time.monotonic()
        self.assert_refused("longer than the limit of 1 seconds", environment={"PLUMBLINE_FETCH_TIMEOUT": "1"})
        self.assertLess(time.monotonic() - started, 6)
        self.call("http://127.0.0.1:1/x.zip")
        self.assert_refused("http://127.0.0.1:1/x.zip cannot be reached")
        self.serve("/gone.zip", b"", 404)
        self.call(f"{self.url}/gone.zip")
        self.assert_refused("answered 404")

    # --- git ---

    def test_git_over_http(self):
        git = self.repository("db", {"m/main.tf": OPEN_DB})
        first = git("rev-parse", "HEAD")
        self.repository("db", {"m/main.tf": "# moved\n" + OPEN_DB}, tag="v2")
        source = f"git::{self.url}/git/db/.git//m"
        for ref, line in (("v1", 2), ("v2", 3), ("main", 3), (first, 2), (first[:8], 2)):
            self.call(f"{source}?ref={ref}")
            found = self.assert_scanned(f"git::{self.url}/git/db/.git@{ref}//m/main.tf")
            self.assertEqual(found["line"], line)
        self.call(source)
        self.assert_scanned(f"git::{self.url}/git/db/.git//m/main.tf")
        # A commit is not asked for twice, a branch is.
        before = len(self.server.requests)
        self.call(f"{source}?ref={first}")
        self.assert_scanned(f"git::{self.url}/git/db/.git@{first}//m/main.tf")
        self.assertEqual(len(self.server.requests), before)
        self.repository("db", {"m/main.tf": "# moved\n# again\n" + OPEN_DB}, tag=None)
        self.call(f"{source}?ref=main")
        self.assertEqual(self.assert_scanned(f"git::{self.url}/git/db/.git@main//m/main.tf")["line"], 4)
        self.assertGreater(len(self.server.requests), before)

    def test_git_failures(self):
        self.repository("db", {"m/main.tf": OPEN_DB})
        self.call(f"git::{self.url}/git/db/.git?ref=v9")
        self.assert_refused('has no tag, branch or commit "v9"')
        self.call(f"git::{self.url}/git/db/.git?ref={'0' * 40}")
        self.assert_refused("has no tag, branch or commit")
        self.call(f"git::{self.url}/git/nothing/.git")
        self.assert_refused("is no git repository")
        self.serve("/private.git/info/refs", b"", 401, {"WWW-Authenticate": 'Basic realm="x"'})
        self.call(f"git::{self.url}/private.git")
        self.assert_refused("~/.netrc has none for this host")
        self.call("git::ssh://git@127.0.0.1:1/x.git")
        self.assert_refused("ssh://127.0.0.1:1/x.git cannot be read")
        self.call(f"git::{self.url}/git/db/.git?checksum=md5:{'0' * 32}")
        self.assert_refused("only be asked of an archive")

    def test_git_follows_redirects_and_logs_in(self):
        self.repository("db", {"main.tf": OPEN_DB})
        seen = []

        def moved(handler):
            seen.append(handler.headers.get("Authorization"))
            return 301, {"Location": f"{self.url}/git/db/.git/info/refs?service=git-upload-pack"}, b""

        self.server.routes["/moved.git/info/refs"] = moved
        (self.top / "home/.netrc").write_text("machine 127.0.0.1 login joe password secret\n")
        self.call(f"git::{self.url}/moved.git?ref=v1")
        self.assert_scanned(f"git::{self.url}/moved.git@v1//main.tf")

    def test_git_links_and_submodules(self):
        self.repository("db", {"a/main.tf": OPEN_DB, "b/x.txt": "x"}, links=[("b/main.tf", "../a/main.tf"), ("c", "a")])
        other = self.repository("other", {"main.tf": OPEN_DB})
        git = self.repository("db", {"README": "x"}, tag=None)
        git("update-index", "--add", "--cacheinfo", f"160000,{other('rev-parse', 'HEAD')},module")
        git("commit", "-qm", "submodule")
        source = f"git::file://{self.top}/repositories/db"
        self.call(f"{source}//b")
        self.assertEqual(len(self.findings()), 1)
        self.call(f"{source}//c")
        self.assertEqual(len(self.findings()), 1)
        self.call(f"{source}//module")
        self.assertEqual(self.findings(), [])
        shutil.rmtree(self.top / "cache")
        self.repository("bad", {"main.tf": OPEN_DB}, links=[("etc", "/etc")])
        self.call(f"git::file://{self.top}/repositories/bad")
        self.assert_refused('the link "etc" to "/etc", which leads out of it')

    # --- what is not asked for, what is elsewhere, who may read what ---

    def test_nothing_is_sent_without_the_flag(self):
        self.registry("db", {"1.0.0": f"{self.url}/db.zip"})
        self.call("acme/db/aws", "1.0.0")
        self.assertEqual(self.scan(download=False), [])
        found = self.scan("--show-unknown", download=False)
        self.assertEqual([(f["rule_id"], f["status"], f["file"], f["line"]) for f in found],
                         [("module-not-downloaded", "unknown", "main.tf", 2)])
        self.assertEqual(self.server.requests, [])

    def test_sources_that_are_not_supported_or_none(self):
        for source in ("s3::https://s3.amazonaws.com/b/x.zip", "gcs::https://www.googleapis.com/storage/v1/x.zip",
                       "hg::http://h.example/r"):
            self.call(source)
            found = self.scan("--show-unknown")
            self.assertEqual([f["rule_id"] for f in found], ["module-not-downloaded"])
            self.assertIn("not supported", found[0]["message"])
        for source, version in (("foo", None), ("gitlab.com/a/b", None), ("acme/db/aws", "newest"),
                                (f"git::{self.url}/x.git", "1.0")):
            self.call(source, version)
            self.assertEqual([f["line"] for f in self.findings(rule="module-not-found")], [2], source)
        self.assertEqual(self.server.requests, [])

    def test_vendored_modules(self):
        vendor = self.top / "vendor"
        self.write({"mods.example.com/acme/db/aws/1.2.0/main.tf": OPEN_DB,
                    "mods.example.com/acme/db/aws/1.3.0/main.tf": "# newer\n" + OPEN_DB,
                    "acme/plain/aws/1.0.0/main.tf": OPEN_DB,
                    "git.example.com/o/r/v1/m/main.tf": OPEN_DB,
                    "git.example.com/o/r/HEAD/m/main.tf": "# head\n" + OPEN_DB}, vendor)
        flag = ("--vendored-modules", str(vendor))
        for source, version, file, line in (
                ("mods.example.com/acme/db/aws", "~> 1.2", "mods.example.com/acme/db/aws@1.3.0//main.tf", 3),
                ("mods.example.com/acme/db/aws", "1.2.0", "mods.example.com/acme/db/aws@1.2.0//main.tf", 2),
                ("acme/plain/aws", ">= 1", "acme/plain/aws@1.0.0//main.tf", 2),
                ("acme/db/aws", "1.2.0", "acme/db/aws@1.2.0//main.tf", 2),
                ("git::https://git.example.com/o/r.git//m?ref=v1", None, "git::https://git.example.com/o/r.git@v1//m/main.tf", 2),
                ("git@git.example.com:o/r.git//m", None, "git::ssh://git@git.example.com/o/r.git//m/main.tf", 3)):
            self.call(source, version)
            found = self.assert_scanned(file, *flag, environment={"PLUMBLINE_MODULE_REGISTRY": ""})
            self.assertEqual(found["line"], line)
        self.call("mods.example.com/acme/db/aws", "~> 2.0")
        self.assertEqual(self.findings(*flag, download=False), [])
        self.call("git::https://git.example.com/o/../../../../etc")
        self.assertEqual(self.findings(*flag, download=False), [])
        self.assertEqual(self.server.requests, [])

    def test_external_modules_of_the_scanned_folder(self):
        self.write({".external_modules/github.com/o/r/v1/m/main.tf": OPEN_DB,
                    ".external_modules/github.com/o/unused/v1/main.tf": OPEN_DB})
        self.call("github.com/o/r//m?ref=v1")
        self.assert_scanned(".external_modules/github.com/o/r/v1/m/main.tf", download=False)

    def test_files_are_read_from_the_own_package_only(self):
        outputs = ('output "own" {\n  value = file("${path.module}/text")\n}\n'
                   'output "other" {\n  value = file("${path.module}/../../index")\n}\n'
                   'output "system" {\n  value = file("/etc/hostname")\n}\n')
        self.serve("/x.zip", zipped({"a/main.tf": outputs, "a/text": "mine"}))
        self.call(f"{self.url}/x.zip//a")
        run = self.run_plumbline("console", "--json", "--download-modules", input="module.m.own\nmodule.m.other\nmodule.m.system\n")
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(answers[0], {"value": "mine", "type": "string"})
        for answer in answers[1:]:
            self.assertTrue("error" in answer or answer["value"] == {"$unknown": True}, answer)

    def test_console_and_model(self):
        self.serve("/x.zip", zipped({"main.tf": 'output "o" {\n  value = "from afar"\n}\n' + OPEN_DB}))
        self.call(f"{self.url}/x.zip")
        run = self.run_plumbline("console", "--json", input="module.m.o\n")
        self.assertIn("$unknown", run.stdout)
        run = self.run_plumbline("console", "--json", "--download-modules", input="module.m.o\n")
        self.assertEqual(json.loads(run.stdout)["value"], "from afar")
        run = self.run_plumbline("model", ".")
        resources = {r["address"]: r for r in json.loads(run.stdout)["resources"]}
        self.assertEqual(resources["module.m.aws_db_instance.d"]["file"], f"{self.url}/x.zip//main.tf")

    def test_what_a_missing_module_gives_is_unknown_with_that_cause(self):
        self.write({"main.tf": f'module "m" {{\n  source = "{self.url}/gone.zip"\n}}\n'
                               'resource "aws_db_instance" "d" {\n  storage_encrypted = module.m.on\n}\n'})
        found = [f for f in self.scan("--show-unknown") if f["rule_id"] == RULE]
        self.assertEqual([f["status"] for f in found], ["unknown"])
        self.assertIn("module.m could not be downloaded", found[0]["message"])

    # --- the cache ---

    def test_two_at_once(self):
        for n in range(8):
            self.serve(f"/{n % 4}.zip", zipped({"main.tf": OPEN_DB, "n": str(n % 2)}))
        self.write({"main.tf": "".join(f'module "m{n}" {{\n  source = "{self.url}/{n % 4}.zip"\n}}\n' for n in range(8))})
        results = []
        threads = [threading.Thread(target=lambda: results.append(len(self.findings()[0].get("instances", [])))) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(len(results), 4)
        self.assertEqual(len(set(results)), 1)
        self.assertEqual(len(list((self.top / "cache/modules/trees").iterdir())), 2)
        self.assertEqual(list((self.top / "cache/modules/tmp").iterdir()), [])

    def test_a_cache_that_cannot_be_written(self):
        (self.top / "cache").write_text("a file")
        self.serve("/x.zip", zipped({"main.tf": OPEN_DB}))
        self.call(f"{self.url}/x.zip")
        found = self.findings(rule="module-unavailable")
        self.assertEqual(len(found), 1)
        self.assertIn("cannot be written", found[0]["message"])
        self.assertIn("PLUMBLINE_CACHE_DIR", found[0]["message"])

    # --- TLS ---

    @unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
    def test_tls(self):
        certificate, key = self.top / "cert.pem", self.top / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        plain, plain_url = self.server, self.url
        self.server = start_server(self.top / "repositories", context)
        try:
            self.host = f"127.0.0.1:{self.server.server_port}"
            self.url = f"https://{self.host}"
            trust = {"SSL_CERT_FILE": str(certificate), "PLUMBLINE_MODULE_REGISTRY": self.host}
            self.registry("db", {"1.0.0": f"{self.url}/db.zip"})
            self.serve("/db.zip", zipped({"main.tf": OPEN_DB}))
            self.serve("/down.zip", b"", 302, {"Location": f"{plain_url}/db.zip"})
            self.repository("db", {"main.tf": OPEN_DB})
            self.call(f"{self.url}/db.zip")
            self.assert_refused("cannot be reached")
            self.call(f"{self.url}/down.zip")
            self.assert_refused("which is not encrypted", environment=trust)
            self.call("acme/db/aws", "1.0.0")
            self.assert_scanned("acme/db/aws@1.0.0//main.tf", environment=trust)
            # The TLS library behind libgit2 knows names only.
            named = f"git::https://localhost:{self.server.server_port}/git/db/.git"
            self.call(f"{named}?ref=v1")
            self.assert_scanned(f"{named}@v1//main.tf", environment=trust)
            self.assertEqual(plain.requests, [])
        finally:
            plain.shutdown()
            plain.server_close()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
