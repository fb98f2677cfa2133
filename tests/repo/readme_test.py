#!/usr/bin/env python3
"""Runs every `plumbline` line of the README's shell blocks: it must end with 0 or 1, never with wrong usage or a crash.

  readme_test.py BINARY SOURCE_DIR
The two set-up commands are what CI itself runs; here only that they exist is checked.
"""
import os
import pathlib
import re
import subprocess
import sys

binary, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
environment = dict(os.environ, PATH=f"{binary.parent}:{os.environ['PATH']}")
lines = [line for block in re.findall(r"```sh\n(.*?)```", (source / "README.md").read_text(), re.S) for line in block.splitlines()]
ran = failed = 0
for line in lines:
    if line.startswith("scripts/"):
        if not os.access(source / line.split()[0], os.X_OK):
            print(f"FAILED: {line}: no such program")
            failed += 1
        continue
    run = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=source, env=environment, capture_output=True, text=True)
    ran += 1
    if run.returncode not in (0, 1) or not run.stdout.strip():
        print(f"FAILED: {line}\nexit {run.returncode}\n{run.stdout[-500:]}\n{run.stderr[-2000:]}")
        failed += 1
# What the README shows is what is printed: its blocks, by the words before them.
shown = re.search(r"What a finding looks like\n```\n(.*?)```", (source / "README.md").read_text(), re.S).group(1)
printed = subprocess.run([str(binary), "scan", "testdata/example", "--color", "never"], cwd=source, capture_output=True, text=True).stdout
if shown.strip() not in printed:
    print("FAILED: the finding that the README shows is not what the scan of the example prints")
    failed += 1
shown = re.search(r"on the value that decided:\n```\n(.*?)```", (source / "README.md").read_text(), re.S).group(1)
printed = subprocess.run([str(binary), "scan", "testdata/shop/chart", "--matrix", "--color", "never"], cwd=source, capture_output=True, text=True).stdout
if shown.strip() not in printed:
    print("FAILED: the finding of a chart that the README shows is not what the scan of testdata/shop/chart prints")
    failed += 1
question, shown = re.search(r"Why does it say so\?\n`plumbline ([^`]*)` prints[^\n]*\n```\n(.*?)```", (source / "README.md").read_text(), re.S).groups()
printed = subprocess.run([str(binary), *question.split()], cwd=source, capture_output=True, text=True).stdout
if shown.strip() != printed.strip():
    print("FAILED: the explanation that the README shows is not what is printed")
    failed += 1
print(f"{ran} commands of the README ran, {failed} failed")
sys.exit(1 if failed or ran < 5 else 0)
