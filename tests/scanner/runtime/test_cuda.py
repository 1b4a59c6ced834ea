"""CUDA graphs: what is kept of them, and on a device that they give what the module gives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from scanner.models.recogniser import Recogniser, best_two
from scanner.runtime import Precision, compile_model
from scanner.runtime import cuda as cuda_module
from scanner.runtime.cuda import CudaGraphEngine, Recording
from scanner.runtime.engine import CPU
from scanner.runtime.fused_head import FusedHead


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """Recordings run on the processor; the shapes recorded so far."""
    shapes: list[tuple[int, ...]] = []

    def record(engine: CudaGraphEngine, x: Tensor) -> Recording:
        shapes.append(tuple(x.shape))
        static, doubled = torch.zeros_like(x), torch.zeros_like(x)
        return Recording(static, (doubled,), lambda: torch.mul(static, 2, out=doubled))

    monkeypatch.setattr(CudaGraphEngine, "_record", record)
    monkeypatch.setattr(cuda_module, "MOST_SHAPES", 2)
    monkeypatch.setattr(cuda_module, "OFTEN", 1)
    return shapes


def test_a_shape_is_recorded_once_and_the_longest_unused_goes(
    recorded: list[tuple[int, ...]],
) -> None:
    engine = CudaGraphEngine(torch.nn.Identity(), Precision.FLOAT32, CPU)
    for width in (1, 2, 1, 3, 1, 2):
        engine(torch.ones(1, width))
    assert recorded == [(1, 1), (1, 2), (1, 3), (1, 2)]


def test_outputs_do_not_change_with_the_next_call(recorded: list[tuple[int, ...]]) -> None:
    engine = CudaGraphEngine(torch.nn.Identity(), Precision.FLOAT32, CPU)
    (first,) = engine(torch.full((1, 2), 3.0))
    (second,) = engine(torch.full((1, 2), 5.0))
    assert first.tolist() == [[6.0, 6.0]]
    assert second.tolist() == [[10.0, 10.0]]
    assert len(recorded) == 1


def test_a_shape_that_comes_seldom_is_not_recorded(
    recorded: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cuda_module, "OFTEN", 3)
    engine = CudaGraphEngine(torch.nn.Identity(), Precision.FLOAT32, CPU)
    # What is recorded in this test doubles its input; what is run as it is does not.
    seen = [engine(torch.full((1, 2, 2, 2), 3.0))[0].max().item() for _ in range(4)]
    assert seen == [3.0, 3.0, 6.0, 6.0]
    assert recorded == [(1, 2, 2, 2)]


def test_without_recordings_networks_run_as_they_are(
    recorded: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(engine: CudaGraphEngine, x: Tensor) -> Recording:
        recorded.append(tuple(x.shape))
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(CudaGraphEngine, "_record", refuse)
    engine = CudaGraphEngine(torch.nn.Identity(), Precision.FLOAT32, CPU)
    x = torch.full((1, 2, 2, 2), 3.0)
    assert [engine(x)[0].max().item() for _ in range(3)] == [3.0, 3.0, 3.0]
    assert recorded == [(1, 2, 2, 2)]


def test_recordings_give_their_memory_back_where_there_is_none(
    recorded: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(engine: CudaGraphEngine, x: Tensor) -> Recording:
        raise torch.OutOfMemoryError("CUDA out of memory")

    engine = CudaGraphEngine(torch.nn.Identity(), Precision.FLOAT32, CPU)
    engine(torch.ones(1, 2))
    monkeypatch.setattr(CudaGraphEngine, "_record", no_room)
    with pytest.raises(torch.OutOfMemoryError):
        engine(torch.ones(1, 3))
    assert not engine._recordings


@pytest.mark.parametrize("precision", list(Precision))
def test_the_head_is_fused_and_keeps_its_exact_weights(precision: Precision) -> None:
    torch.manual_seed(3)
    recogniser = Recogniser(60).eval()
    engine = CudaGraphEngine(recogniser, precision, CPU)
    x = torch.randn(2, 3, 48, 64)
    ids, probability, others, odds = engine(x)
    features: list[Tensor] = []
    head = engine._module.get_submodule("head")
    assert isinstance(head, FusedHead)
    head.register_forward_pre_hook(lambda _, inputs: features.append(inputs[0]))
    engine(x)
    # Given what the layers before it say in any precision, the last one says it in float32.
    with torch.inference_mode():
        expected = best_two(recogniser.head(features[0]))
    assert torch.equal(ids, expected[0].int())
    assert torch.equal(others, expected[2].int())
    torch.testing.assert_close(probability, expected[1])
    torch.testing.assert_close(odds, expected[3])


@pytest.mark.needs_cuda
@pytest.mark.parametrize("precision", list(Precision))
def test_graphs_give_what_the_module_gives(precision: Precision) -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")
    torch.manual_seed(3)
    recogniser = Recogniser(60).eval()
    engine = compile_model(recogniser, precision=precision, device=torch.device("cuda"))
    for width in (64, 128, 64, 64, 64):
        x = torch.randn(2, 3, 48, width)
        with torch.inference_mode():
            expected = recogniser(x)[1]
        probability = engine(x)[1]
        torch.testing.assert_close(probability.cpu(), expected, atol=2e-2, rtol=0)
