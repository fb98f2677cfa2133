#!/usr/bin/env python3
"""Writes the real answers (kubectl kustomize) into testdata/kustomize: expected.jsonl, or expected.error when it fails.

The folder `over` of a case is built where there is one, else the case itself. Needs kubectl 1.32 and PyYAML."""
import json
import pathlib
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent / "testdata" / "kustomize"
for case in sorted(p for p in ROOT.iterdir() if p.is_dir()):
    target = case / "over" if (case / "over").is_dir() else case
    run = subprocess.run(["kubectl", "kustomize", str(target)], capture_output=True, text=True)
    for name in ("expected.jsonl", "expected.error"):
        (case / name).unlink(missing_ok=True)
    if run.returncode != 0:
        (case / "expected.error").write_text("")
        print("error:", case.name)
        continue
    documents = [d for d in yaml.safe_load_all(run.stdout) if d is not None]
    lines = [json.dumps(d, sort_keys=True, ensure_ascii=False) + "\n" for d in documents]
    (case / "expected.jsonl").write_text("".join(lines))
