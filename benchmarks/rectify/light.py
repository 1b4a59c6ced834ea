"""Scans of wrinkled and stained paper beside the clean pictures they were made from."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from benchmarks.metrics import Score, score
from benchmarks.rectify.pages import Pixels, first_page
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pipeline import Models, scan_page
from scanner.preprocess.light import even_light, find_light


def measure(data: Path, models: Models, every: int) -> dict[str, Any]:
    """PSNR against the clean picture, and what is read differently from it.

    `noisy` is the scan as it is, `cleaned` the same on even white paper. Texts are those of our
    recogniser and of Tesseract (English), each against its own text of the clean picture.
    """
    folder = data / "noisy_office"
    noise: dict[str, list[float]] = {}
    texts: dict[str, list[Score]] = {}
    touched = 0
    rows = (folder / "list.tsv").read_text(encoding="utf-8").splitlines()[::every]
    for row in rows:
        noisy, clean = (first_page(folder / name) for name in row.split("\t")[:2])
        pixels = torch.from_numpy(noisy)
        light = find_light(pixels)
        touched += light.step.taken
        pictures = {"noisy": noisy, "cleaned": np.asarray(even_light(pixels, light).numpy())}
        truths = {"scanner": _ours(clean, models), "tesseract": _tesseract(clean)}
        for name, picture in pictures.items():
            noise.setdefault(name, []).append(psnr(picture, clean))
            read = {"scanner": _ours(picture, models), "tesseract": _tesseract(picture)}
            for engine, truth in truths.items():
                texts.setdefault(f"{engine}, {name}", []).append(score(truth, read[engine]))
    rates = {name: Score.sum_of(scores) for name, scores in texts.items()}
    return {
        "pages": len(rows),
        "touched": touched,
        "psnr": {name: float(np.mean(values)) for name, values in noise.items()},
        "cer": {name: rate.cer for name, rate in rates.items()},
        "word_f1": {name: rate.word_f1 for name, rate in rates.items()},
    }


def psnr(picture: Pixels, truth: Pixels) -> float:
    """Peak signal-to-noise ratio of two pictures of one size, in decibels; infinite if equal."""
    error = float(np.square(picture.astype(np.float64) - truth).mean())
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


def _ours(picture: Pixels, models: Models) -> str:
    source = SourcePage(Path("page.png"), 1, torch.from_numpy(picture), None)
    page = scan_page(source, models, Options(tables=False)).page
    return "\n".join(line.text for line in page.lines)


def _tesseract(picture: Pixels) -> str:
    _, data = cv2.imencode(".png", picture[:, :, ::-1])
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "eng"],
        input=data.tobytes(),
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return done.stdout.decode("utf-8")
