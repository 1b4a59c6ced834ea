"""Lines that several threads read side by side say what one thread reads."""

from __future__ import annotations

import numpy as np
import torch

from scanner.inference import EngineReader
from scanner.models.recogniser import HEIGHT, Recogniser
from scanner.runtime import Precision, compile_model


def test_threads_read_what_one_reads() -> None:
    torch.manual_seed(3)
    engine = compile_model(Recogniser(60).eval(), precision=Precision.FLOAT32)
    random = np.random.default_rng(4)
    lines = [
        random.integers(0, 256, (HEIGHT, width), dtype=np.uint8)
        for width in (300, 90, 700, 310, 40, 500, 980, 130)
    ]
    before = torch.get_num_threads()
    alone = EngineReader(engine)(lines)
    together = EngineReader(engine, threads=3)(lines)
    assert torch.get_num_threads() == before
    assert sum(len(line.kinds) for line in alone) > 0
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.kinds, other.kinds)
        assert np.array_equal(one.begins, other.begins)
        np.testing.assert_allclose(one.confidence, other.confidence, atol=1e-5)
