#!/usr/bin/env python3
"""Rendering beside the real tools, in one run on one machine: wall time, CPU time and peak memory, as ratios.

  bench/e2e/render.py [FOLDER ...] [--bin build/release/plumbline] [--helm FILE] [--kubectl FILE] [--runs 7]
                      [--only NAME] [--no-generated] [--keep FOLDER] [--json FILE]

small      a chart of five templates
umbrella   a chart with six subcharts, three of them under an alias, and a library chart
stack      what kube-prometheus-stack is like: 130 templates, five subcharts, a folder of CRDs, long values, dashboards
overlays   two overlays of a base, with components, patches, generators, images and replacements
resources  a kustomization of 600 resources with patches, labels and name references
grow-N     a chart that makes N objects and a kustomization of N resources: what ten times as much costs

Every chart and kustomization in the FOLDERs counts too, as far as the real tool renders it. The programs run in turn, --runs
rounds of them; the best and the median round are told, and ratios are of the best. `scan` is `plumbline scan` of a chart with
all rules, beside `helm template` alone. helm comes from bench/peers.sh or the PATH; a peer that is absent is said to be so.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

import render_inputs

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIME = "/usr/bin/time"


def run(command):
    """(exit code, wall seconds, CPU seconds) of one run; the program's output goes nowhere."""
    null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in range(3)]
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    return os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime


def peak_memory(command):
    """MiB. A process inherits the peak of the one that starts it, so a small one has to: not this Python."""
    with tempfile.NamedTemporaryFile("r") as out:
        run([TIME, "-f", "%M", "-o", out.name] + command)
        return int(out.read().split()[-1]) / 1024


def measure(programs, runs):
    """{program: {wall, median, cpu, mib}}, the programs in turn; without those that fail."""
    times = {name: [] for name in programs}
    for _ in range(runs):
        for name, command in list(programs.items()):
            code, wall, cpu = run(command)
            if code == 0 or (name == "scan" and code == 1):
                times[name].append((wall, cpu))
            else:
                times.pop(name, None)
                programs.pop(name)
    return {name: {"wall": min(w for w, _ in t), "median": statistics.median(w for w, _ in t),
                   "cpu": min(c for _, c in t), "mib": peak_memory(programs[name])} for name, t in times.items()}


def kind_of(folder):
    if (folder / "Chart.yaml").is_file():
        return "chart"
    names = ("kustomization.yaml", "kustomization.yml", "Kustomization")
    return "kustomization" if any((folder / n).is_file() for n in names) else None


def found_in(folder):
    """The charts in a folder, without their subcharts, and its kustomizations."""
    for root, folders, _ in os.walk(folder):
        kind = kind_of(pathlib.Path(root))
        if kind:
            yield os.path.relpath(root, folder), pathlib.Path(root)
        if kind == "chart":
            folders.clear()
        folders.sort()


def programs_for(path, options):
    programs = {"render": [options.bin, "render", str(path)]}
    if kind_of(path) == "chart":
        # CRDs are text that is copied; without them, as by default, both have more work than that.
        if options.helm:
            programs["helm"] = [options.helm, "template", "release-name", str(path), "--kube-version", "v1.32.0"]
        programs["scan"] = [options.bin, "scan", str(path), "--format", "json", "--no-progress", "--no-gitignore"]
    elif options.kubectl:
        programs["kubectl"] = [options.kubectl, "kustomize", str(path)]
    return programs


def show(name, results):
    base = results["render"]
    for program, r in results.items():
        ratios = [r[k] / max(base[k], 1e-9) for k in ("wall", "cpu", "mib")]
        print(f"{name:30} {program:8} {r['wall'] * 1000:9.2f} {r['median'] * 1000:9.2f} {r['cpu'] * 1000:9.2f} {r['mib']:8.1f} "
              f"{ratios[0]:8.1f} {ratios[1]:8.1f} {ratios[2]:9.2f}", flush=True)


def summary(name, rows):
    """One line for a folder of many: the geometric mean of the ratios and the worst one."""
    for peer in ("helm", "kubectl"):
        both = [(r[peer], r["render"], path) for path, r in rows if peer in r and "render" in r]
        if not both:
            continue
        text = []
        for key in ("wall", "cpu", "mib"):
            ratios = [(p[key] / max(own[key], 1e-9), path) for p, own, path in both]
            mean = math.exp(statistics.fmean(math.log(max(r, 1e-9)) for r, _ in ratios))
            text.append(f"{key} {mean:.1f}x (least {min(ratios)[0]:.1f}x: {min(ratios)[1]})")
        slowest = max((own["wall"], path) for _, own, path in both)
        print(f"{name}: {len(both)} beside {peer}: {', '.join(text)}; slowest {slowest[0] * 1000:.1f} ms: {slowest[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--bin", default=str(ROOT / "build/release/plumbline"))
    peer = ROOT / ".cache/peers/bin/helm"
    parser.add_argument("--helm", default=str(peer) if peer.exists() else shutil.which("helm"))
    parser.add_argument("--kubectl", default=shutil.which("kubectl"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only")
    parser.add_argument("--no-generated", action="store_true")
    parser.add_argument("--keep", help="write the generated inputs here and leave them")
    parser.add_argument("--json")
    options = parser.parse_args()
    options.bin = os.path.abspath(options.bin)
    for name in ("helm", "kubectl"):
        if not getattr(options, name):
            print(f"{name} is absent (--{name} FILE{', or bench/peers.sh installs it' if name == 'helm' else ''}): left out")
    if not os.path.exists(TIME):
        sys.exit(f"{TIME} is absent; it measures memory")
    print(f"{'input':30} {'program':8} {'best ms':>9} {'median':>9} {'CPU ms':>9} {'MiB':>8} {'wall x':>8} {'CPU x':>8} {'memory x':>9}")
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        groups = [(folder, list(found_in(folder))) for folder in options.folders]
        if not options.no_generated:
            groups.insert(0, ("", render_inputs.write(pathlib.Path(options.keep or temporary))))
        for group, inputs in groups:
            own = []
            for name, path in inputs:
                if options.only and options.only not in name:
                    continue
                results = measure(programs_for(path, options), options.runs)
                if "render" not in results:
                    print(f"{name:30} is not rendered")
                    continue
                show(name[-30:], results)
                own.append((name, results))
            if group:
                summary(group, own)
            rows += own
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(dict(rows), indent=1))


main()
