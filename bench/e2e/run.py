#!/usr/bin/env python3
"""plumbline beside its peers, in one run on one machine: wall time, CPU time and peak memory, as ratios.

  bench/e2e/run.py [--bin build/release/plumbline] [--runs 5] [--only NAME] [--no-checkov] [--json FILE]

Trees: those of ../shared/corpus that hold Terraform (our testdata/example where that is absent), and repositories made of
many copies of one of them. Peers: tfsec and checkov from bench/peers.sh; one that is not installed is left out, and said so.
The best of --runs counts, for every program alike; a peer that takes longer than 20 s is run once.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def measure(command, cwd=None):
    """(wall seconds, CPU seconds, peak MiB) of one run; the program's output goes nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(null, 0), os.dup2(null, 1), os.dup2(null, 2)
        if cwd:
            os.chdir(cwd)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    os.close(null)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(command, runs):
    results = []
    for _ in range(runs):
        results.append(measure(command))
        if results[0][0] > 20:
            break
    return tuple(min(column) for column in zip(*results))


def make_copies(source, target, copies):
    """`copies` copies of the tree, as a repository of many root modules; gives the number of .tf files."""
    for i in range(copies):
        shutil.copytree(source, target / f"copy{i:03}")
    return sum(1 for _ in target.rglob("*.tf"))


def trees(only, temporary):
    corpus = ROOT.parent / "shared" / "corpus"
    named = {}
    if corpus.is_dir():
        named = {d.name: d for d in sorted(corpus.iterdir()) if any(d.rglob("*.tf"))}
        named["terragoat/terraform"] = corpus / "terragoat" / "terraform"
        seed, full = corpus / "terragoat" / "terraform", 107
    else:
        named["example"] = ROOT / "testdata" / "example"
        seed, full = ROOT / "testdata" / "example", 1000
    for name, path in named.items():
        if not only or only in name:
            yield name, path
    for label, copies in (("generated 500", full // 10), ("generated 5000", full)):
        if not only or only in label:
            target = temporary / label.replace(" ", "-")
            files = make_copies(seed, target, copies)
            yield f"{label} ({files} files)", target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT / "build/release/plumbline"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only")
    parser.add_argument("--no-checkov", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    peers = ROOT / ".cache/peers"
    programs = {"plumbline": lambda d: [os.path.abspath(options.bin), "scan", str(d), "--format", "json"]}
    tfsec, checkov = peers / "bin/tfsec", peers / "py/bin/checkov"
    if tfsec.exists():
        programs["tfsec"] = lambda d: [str(tfsec), str(d), "--format", "json", "--no-module-downloads", "--force-all-dirs"]
    if checkov.exists() and not options.no_checkov:
        programs["checkov"] = lambda d: [str(checkov), "-d", str(d), "-o", "json", "--quiet", "--compact", "--framework", "terraform"]
    for name in ("tfsec", "checkov"):
        if name not in programs:
            print(f"{name} is left out: bench/peers.sh installs it")

    wall, cpu, memory = best([programs["plumbline"]("")[0], "--version"], 50)
    print(f"start-up (--version): {wall * 1000:.1f} ms wall, {cpu * 1000:.1f} ms CPU, {memory:.1f} MiB")
    rows = [{"tree": "--version", "program": "plumbline", "wall": wall, "cpu": cpu, "mib": memory}]
    print(f"{'tree':34} {'program':10} {'wall s':>9} {'CPU s':>9} {'MiB':>8} {'wall x':>8} {'CPU x':>8} {'memory x':>9}")
    with tempfile.TemporaryDirectory() as temporary:
        for name, path in trees(options.only, pathlib.Path(temporary)):
            base = None
            for program, command in programs.items():
                result = best(command(path), options.runs)
                base = base or result
                ratios = [r / max(b, 1e-9) for r, b in zip(result, base)]
                print(f"{name:34} {program:10} {result[0]:9.4f} {result[1]:9.4f} {result[2]:8.1f} "
                      f"{ratios[0]:8.1f} {ratios[1]:8.1f} {ratios[2]:9.2f}", flush=True)
                rows.append({"tree": name, "program": program, "wall": result[0], "cpu": result[1], "mib": result[2]})
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1))


main()
