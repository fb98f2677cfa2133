#!/usr/bin/env python3
"""Runs one conformance kit and compares its failing cases with the list beside this file.

  ratchet.py KIT BINARY SHARED      exit 1 when a case fails that is not in KIT.failing
  PLUMBLINE_UPDATE_GOLDEN=1         rewrites KIT.failing; the list may only shrink unless the kit itself has grown
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ARGUMENTS = {"checks": ["--framework", "terraform", "--framework", "kubernetes"]}
DATA_FLAG = {"render": "--cases"}


def failing_ids(kit, binary, shared):
    with tempfile.TemporaryDirectory() as folder:
        failures = pathlib.Path(folder, "failures.jsonl")
        command = [sys.executable, str(shared / "kits" / kit / "run.py"), "--bin", binary, DATA_FLAG.get(kit, "--data"), str(shared / "fixtures" / kit),
                   "--failures", str(failures), *ARGUMENTS.get(kit, [])]
        run = subprocess.run(command, capture_output=True, text=True)
        print(run.stdout[-2000:], run.stderr[-2000:])
        if run.returncode != 0 or not failures.exists():
            sys.exit(f"the kit {kit} did not run (exit {run.returncode})")
        return {json.loads(line)["id"] for line in failures.read_text().splitlines() if line.strip()}


def main():
    kit, binary, shared = sys.argv[1], os.path.abspath(sys.argv[2]), pathlib.Path(sys.argv[3]).resolve()
    listed = pathlib.Path(__file__).with_name(f"{kit}.failing")
    known = set(listed.read_text().splitlines()) if listed.exists() else set()
    now = failing_ids(kit, binary, shared)
    if os.environ.get("PLUMBLINE_UPDATE_GOLDEN") == "1":
        listed.write_text("".join(f"{case}\n" for case in sorted(now)))
        print(f"{listed.name}: {len(known)} -> {len(now)} failing cases")
        return
    worse, better = sorted(now - known), sorted(known - now)
    if better:
        print(f"{len(better)} cases pass now that are listed as failing: rewrite the list with PLUMBLINE_UPDATE_GOLDEN=1")
    if worse:
        print("\n".join(["cases that passed before and fail now:", *worse[:50]]))
        sys.exit(1)


main()
