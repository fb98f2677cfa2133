#!/usr/bin/env python3
"""Compares `plumbline console` with the `terraform console` of this machine on generated expressions.

  terraform_console.py --bin build/dev/plumbline [--only TOPIC]... [--report FILE] [--sample N]

terraform answers one input a process, so many expressions travel in one tuple: its text, its type
and what can() says are compared with plumbline's text for the same tuple, and a tuple that differs
is halved until the guilty expression stands alone. Three things are compared: what is refused, the
printed value, the printed type; for sensitive results also what is behind them. The expressions
come from terraform_cases.py; every kind of disagreement found becomes a row in tests/terraform.
Exit status: 0 agreement, 1 disagreements, 77 when there is no terraform.
"""
import argparse, json, os, random, shutil, subprocess, sys, tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import terraform_cases

BATCH = 40


class Programs:
    """Both consoles, in a folder for each worker (terraform locks its state)."""

    def __init__(self, plumbline, terraform, root):
        self.plumbline, self.terraform, self.root = plumbline, terraform, root
        self.runs = 0
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        rc = root / "terraform.rc"
        rc.write_text("disable_checkpoint = true\n")
        self.env.update(NO_COLOR="1", TF_IN_AUTOMATION="1", TF_CLI_CONFIG_FILE=str(rc))

    def folder(self, name):
        d = self.root / name
        if not d.exists():
            (d / "sub").mkdir(parents=True)
            for path, text in terraform_cases.FILES.items():
                (d / path).write_bytes(text.encode() if isinstance(text, str) else text)
            subprocess.run([self.terraform, "init"], cwd=d, env=self.env, check=True,
                           capture_output=True)
        return d

    def ask_terraform(self, worker, line):
        """(text, error message) of one input line; one of them is None."""
        self.runs += 1
        p = subprocess.run([self.terraform, "console", "-no-color", "-plan"],
                           cwd=self.folder(worker), input=line + "\n", env=self.env, text=True,
                           capture_output=True, timeout=120)
        if p.returncode:
            return None, " ".join(p.stderr.split())
        return p.stdout.rstrip("\n"), None

    def ask_plumbline(self, worker, lines, json_form):
        """One answer a line. Text answers can have several lines, so each asks its own process."""
        args = [self.plumbline, "console", "."] + (["--json"] if json_form else [])
        d = self.folder(worker)  # terraform's own, so that abspath() agrees
        if json_form:
            p = subprocess.run(args, cwd=d, input="\n".join(lines) + "\n", env=self.env, text=True,
                               capture_output=True)
            return [json.loads(x, parse_int=str, parse_float=str) for x in p.stdout.split("\n")[:-1]]
        out = []
        for line in lines:
            p = subprocess.run(args, cwd=d, input=line + "\n", env=self.env, text=True,
                               capture_output=True)
            out.append(None if p.returncode else p.stdout.rstrip("\n"))
        return out


def tuple_of(expressions, wrap="{}"):
    return "[" + ", ".join(wrap.format(e) for e in expressions) + "]"


class Comparison:
    def __init__(self, programs):
        self.programs, self.findings = programs, []

    def report(self, kind, expression, ours, theirs):
        self.findings.append({"kind": kind, "expr": expression, "ours": ours, "terraform": theirs})

    def same_text(self, kind, worker, expressions, wrap):
        """Both programs' text for `wrap` of all the expressions at once, halved where it differs."""
        line = wrap(expressions)
        theirs, why = self.programs.ask_terraform(worker, line)
        ours = self.programs.ask_plumbline(worker, [line], False)[0]
        if theirs == ours and (theirs is not None or len(expressions) == 1):
            return
        if len(expressions) > 1:
            half = len(expressions) // 2
            self.same_text(kind, worker, expressions[:half], wrap)
            self.same_text(kind, worker, expressions[half:], wrap)
        else:
            self.report(kind if theirs is not None else "we accept", expressions[0], ours,
                        theirs if theirs is not None else why)

    def all_refused(self, worker, pairs):
        """terraform must refuse each of these, which plumbline refuses."""
        line = tuple_of([e for e, _ in pairs], "can({})")
        text, _ = self.programs.ask_terraform(worker, line)
        if text is not None and set(text.split()) <= {"[", "]", "false,"}:
            return
        if len(pairs) > 1:
            half = len(pairs) // 2
            self.all_refused(worker, pairs[:half])
            self.all_refused(worker, pairs[half:])
            return
        expression, error = pairs[0]
        text, _ = self.programs.ask_terraform(worker, expression)
        if text is not None and text not in ("+Inf", "-Inf"):
            self.report("we refuse", expression, error, text)

    def job(self, job):
        worker, refused, cases = job
        if refused:
            self.all_refused(worker, cases)
            return
        expressions = [e for e, _ in cases]
        self.same_text("value", worker, expressions, tuple_of)
        self.same_text("type", worker, expressions, lambda es: "type(" + tuple_of(es) + ")")
        texts = self.programs.ask_plumbline(worker, [tuple_of(expressions)], False)[0] or ""
        if "(sensitive value)" in texts:
            self.same_text("hidden", worker, expressions,
                           lambda es: tuple_of(es, "try(nonsensitive(jsonencode({0})), {0})"))


def jobs(cases, answers, size=BATCH):
    """Batches of accepted and of refused expressions."""
    sides = {False: [], True: []}
    for expression, answer in zip(cases, answers):
        sides["error" in answer].append((expression, answer.get("error")))
    for refused, side in sides.items():
        for i in range(0, len(side), size):
            yield refused, side[i:i + size]


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--bin", default="plumbline")
    ap.add_argument("--terraform", default="terraform")
    ap.add_argument("--only", action="append", help="topics whose name starts with this")
    ap.add_argument("--file", help="expressions from a file, one a line, instead of made ones")
    ap.add_argument("--sample", type=int, help="so many expressions a topic, chosen by --seed")
    ap.add_argument("--seed", type=int, default=1, help="of --sample")
    ap.add_argument("--report", help="the disagreements as JSON lines")
    ap.add_argument("--jobs", type=int, default=2)
    a = ap.parse_args()
    if shutil.which(a.terraform) is None:
        print("there is no terraform on this machine: nothing is compared")
        return 77
    topics = terraform_cases.topics()
    if a.file:
        topics = {"file": [x for x in Path(a.file).read_text().split("\n") if x]}
    findings, total = [], 0
    with tempfile.TemporaryDirectory() as tmp:
        programs = Programs(os.path.abspath(a.bin), a.terraform, Path(tmp))
        for name, cases in topics.items():
            if a.only and not any(name.startswith(o) for o in a.only):
                continue
            cases = list(dict.fromkeys(cases))
            if a.sample and len(cases) > a.sample:
                cases = random.Random(a.seed).sample(cases, a.sample)
            comparison = Comparison(programs)
            answers = programs.ask_plumbline("w0", cases, True)
            assert len(answers) == len(cases), f"{name}: plumbline lost step"
            work = [(f"w{i % a.jobs}", r, c) for i, (r, c) in enumerate(jobs(cases, answers))]
            with ThreadPoolExecutor(a.jobs) as pool:
                lanes = [[w for w in work if w[0] == f"w{i}"] for i in range(a.jobs)]
                list(pool.map(lambda lane: [comparison.job(w) for w in lane], lanes))
            kinds = Counter(f["kind"] for f in comparison.findings)
            print(f"{name}: {len(cases)} expressions, {dict(kinds) or 'agreement'}", flush=True)
            findings += [dict(f, topic=name) for f in comparison.findings]
            if a.report:
                Path(a.report).write_text(
                    "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in findings))
            total += len(cases)
    print(f"{total} expressions, {len(findings)} disagreements, {programs.runs} runs of terraform")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
