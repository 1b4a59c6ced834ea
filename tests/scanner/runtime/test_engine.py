"""Compiled networks give what the modules give, at any shape and from any thread."""

from __future__ import annotations

import os
import threading
import warnings

import pytest
import torch
from torch import Tensor, nn

from scanner.models.detector import Detector
from scanner.models.recogniser import Recogniser
from scanner.runtime import Precision, best_precision, compile_model, keep_kernels
from scanner.runtime.passes import tell_doubts
from scanner.runtime.second_look import SecondLookEngine
from scanner.runtime.torchscript import TorchScriptEngine, usable_passes


class Small(nn.Module):
    """A convolution and a head that may keep another precision."""

    exact = ("head",)

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        pooled = self.conv(x).relu().mean((2, 3))
        result: Tensor = self.head(pooled.to(self.head.weight.dtype))
        return result


class Halves(nn.Module):
    """Several outputs, one of them of whole numbers."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x / 2, x.argmax(dim=1)


@pytest.fixture
def network() -> Small:
    torch.manual_seed(5)
    return Small().eval()


@pytest.mark.parametrize("shape", [(1, 3, 16, 16), (4, 3, 9, 33)])
@pytest.mark.parametrize(
    ("precision", "tolerance"), sorted({(Precision.FLOAT32, 1e-5), (best_precision(), 3e-2)})
)
def test_outputs_agree_with_the_module(
    network: Small, shape: tuple[int, ...], precision: Precision, tolerance: float
) -> None:
    engine = compile_model(network, precision=precision)
    x = torch.randn(shape)
    with torch.inference_mode():
        expected = network(x)
    (output,) = engine(x)
    assert output.dtype == torch.float32
    torch.testing.assert_close(output, expected, atol=tolerance, rtol=tolerance)


def test_one_trace_serves_every_size() -> None:
    torch.manual_seed(6)
    recogniser, detector = Recogniser(50).eval(), Detector().eval()
    shapes = {recogniser: [(1, 48, 64), (3, 48, 200)], detector: [(1, 64, 96), (2, 96, 32)]}
    for network, sizes in shapes.items():
        engine = compile_model(network, precision=Precision.FLOAT32)
        for batch, height, width in sizes:
            x = torch.randn(batch, 3, height, width)
            with torch.inference_mode():
                expected = network(x)
            outputs = (expected,) if isinstance(expected, Tensor) else expected
            for got, wanted in zip(engine(x), outputs, strict=True):
                torch.testing.assert_close(got, wanted, atol=1e-3, rtol=0)


@pytest.mark.parametrize("precision", sorted({Precision.FLOAT32, best_precision()}))
def test_outputs_are_float32_or_whole_numbers(precision: Precision) -> None:
    x = torch.tensor([1.0, 4.0, 2.0]).reshape(1, 3, 1, 1)
    halves, index = compile_model(Halves(), precision=precision)(x)
    assert halves.dtype == torch.float32
    assert halves.flatten().tolist() == [0.5, 2.0, 1.0]
    assert index.tolist() == [[[1]]]


def test_compiling_leaves_the_module_as_it_is_and_warns_of_nothing(network: Small) -> None:
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_model(network)(torch.zeros(1, 3, 16, 16))
    for name, tensor in network.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, before[name])


def test_networks_are_compiled_from_several_threads(network: Small) -> None:
    x = torch.randn(1, 3, 16, 16)
    engine = compile_model(network, precision=Precision.FLOAT32)
    outputs: list[Tensor] = []

    def work() -> None:
        outputs.extend(engine(x))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outputs) == 4
    for output in outputs:
        torch.testing.assert_close(output, outputs[0])


def test_a_network_runs_while_another_is_compiled(network: Small) -> None:
    x = torch.randn(1, 3, 16, 16)
    engine = compile_model(network)
    (expected,) = engine(x)
    others = [compile_model(Detector().eval()) for _ in range(2)]
    threads = [
        threading.Thread(target=other, args=(torch.zeros(1, 3, 64, 64),)) for other in others
    ]
    for thread in threads:
        thread.start()
    runs = 0
    while any(thread.is_alive() for thread in threads):
        assert torch.equal(engine(x)[0], expected)
        runs += 1
    assert runs


def test_lines_in_doubt_are_read_again_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    # Networks of random weights are not in doubt about some lines only, but for this.
    monkeypatch.setattr("scanner.runtime.best_class.DOUBT", 0.25)
    monkeypatch.setattr("scanner.runtime.best_class.LEGIBLE", 0.0)
    torch.manual_seed(8)
    recogniser, x = Recogniser(40).eval(), torch.randn(8, 3, 48, 64)
    exact = compile_model(recogniser, precision=Precision.FLOAT32)(x)
    passes = (*usable_passes(), tell_doubts)
    *rounded, doubtful = TorchScriptEngine(recogniser, best_precision(), passes)(x)
    assert doubtful.any()
    assert not doubtful.all()
    for got, first, second in zip(
        SecondLookEngine(recogniser, best_precision())(x), rounded, exact, strict=True
    ):
        assert torch.equal(got[~doubtful], first[~doubtful])
        torch.testing.assert_close(got[doubtful], second[doubtful], atol=1e-5, rtol=0)


def test_kernels_are_kept_unless_the_user_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)
    keep_kernels()
    assert int(os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]) > 3000
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
    keep_kernels()
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "16"
