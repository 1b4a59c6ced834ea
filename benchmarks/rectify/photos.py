"""Photographs beside flat scans of the same sheets: text, likeness and distortion."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.metrics import Score, score
from benchmarks.peers import DEFAULT_CACHE
from benchmarks.rectify.metrics import alike, local_distortion, ms_ssim
from benchmarks.rectify.pages import Pixels, as_wide_as, first_page, rectified
from scanner.options import Options
from scanner.pipeline import Models


def measure(data: Path, models: Models, every: int) -> dict[str, Any]:
    """What Tesseract (Russian) reads differently from the flat scan, over all pages together.

    `photo` is the photograph as it is, `enlarged` the same as wide as the scan, `page` our
    page as wide as the scan, and `coarse scan` the scan with the photograph's number of pixels,
    enlarged again: no rectification can be expected to do better than that.
    """
    folder = data / "phone_scan"
    scores: dict[str, list[Score]] = {}
    likeness: dict[str, list[tuple[float, float]]] = {"photo": [], "page": []}
    for row in (folder / "list.tsv").read_text(encoding="utf-8").splitlines()[::every]:
        photo, scan = (first_page(folder / name) for name in row.split("\t")[:2])
        page = np.asarray(rectified(photo, models, Options()).pixels.numpy())
        truth = read_russian(scan)
        pictures = {
            "photo": photo,
            "enlarged": as_wide_as(photo, scan),
            "page": as_wide_as(page, scan),
            "coarse scan": as_wide_as(as_wide_as(scan, photo), scan),
        }
        for name, picture in pictures.items():
            scores.setdefault(name, []).append(score(truth, read_russian(picture)))
        for name, picture in (("photo", photo), ("page", page)):
            pair = alike(_grey(picture), _grey(scan))
            likeness[name].append((ms_ssim(*pair), local_distortion(*pair)))
    rates = {name: Score.sum_of(all_of) for name, all_of in scores.items()}
    gap = rates["photo"].cer
    return {
        "pages": len(likeness["page"]),
        "cer": {name: rate.cer for name, rate in rates.items()},
        "word_f1": {name: rate.word_f1 for name, rate in rates.items()},
        "gap_closed": (gap - rates["page"].cer) / gap if gap else 0.0,
        "ms_ssim": {name: float(np.mean([s for s, _ in all_])) for name, all_ in likeness.items()},
        "local_distortion": {
            name: float(np.mean([d for _, d in all_])) for name, all_ in likeness.items()
        },
    }


def read_russian(picture: Pixels, cache: Path = DEFAULT_CACHE / "tesseract-rus") -> str:
    """What Tesseract reads in a picture `[height, width, 3]`, RGB; kept on disk by its pixels."""
    digest = hashlib.sha256(picture.tobytes() + repr(picture.shape).encode()).hexdigest()
    kept = cache / f"{digest}.txt"
    if not kept.exists():
        encoded = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1]
        done = subprocess.run(
            ["tesseract", "-", "-", "-l", "rus"],
            input=encoded.tobytes(),
            check=True,
            capture_output=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(done.stdout)
    return kept.read_bytes().decode("utf-8")


def _grey(picture: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
