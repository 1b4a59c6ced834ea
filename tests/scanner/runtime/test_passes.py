"""Every rewriting finds its places in both networks and changes nothing of what they say."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, fx, nn

from scanner.models.detector import Detector
from scanner.models.recogniser import Recogniser
from scanner.runtime.passes import FOLDING, PACKING, tell_doubts
from scanner.runtime.passes.fusion import fuse_activations
from scanner.runtime.torchscript import rewrite

PASSES = FOLDING + PACKING
EXPECTED = {
    "recogniser": {
        "fold_norms": 3,
        "fold_gates": 5,
        "pool_early": 1,
        "pack_best_class": 1,
        "pack_pointwise": 47,
        "pack_convolutions": 18,
        "fuse_activations": 33,
        "unfold_layers": 65,
    },
    "detector": {
        "fold_norms": 0,
        "fold_gates": 13,
        "pool_early": 0,
        "pack_best_class": 0,
        "pack_pointwise": 61,
        "pack_convolutions": 22,
        "fuse_activations": 45,
        "unfold_layers": 83,
    },
}


@pytest.fixture(scope="module")
def networks() -> dict[str, nn.Module]:
    """Both networks with random weights and norms that do something."""
    torch.manual_seed(11)
    found: dict[str, nn.Module] = {
        "recogniser": Recogniser(90).eval(),
        "detector": Detector().eval(),
    }
    for module in found["recogniser"].modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    return found


@pytest.fixture(scope="module")
def pictures() -> dict[str, Tensor]:
    return {"recogniser": torch.randn(3, 3, 48, 72), "detector": torch.randn(1, 3, 64, 96)}


def outputs(module: nn.Module, x: Tensor) -> tuple[Tensor, ...]:
    with torch.inference_mode():
        found = module(x.to(memory_format=torch.channels_last))
    return (found,) if isinstance(found, Tensor) else tuple(found)


@pytest.mark.parametrize("name", ["recogniser", "detector"])
def test_the_passes_find_their_places(networks: dict[str, nn.Module], name: str) -> None:
    graph = fx.symbolic_trace(copy.deepcopy(networks[name]).requires_grad_(False))
    assert {step.__name__: step(graph) for step in PASSES} == EXPECTED[name]
    # What is done is done: nothing is found twice.
    assert {step.__name__: step(graph) for step in PASSES} == dict.fromkeys(EXPECTED[name], 0)


@pytest.mark.parametrize("name", ["recogniser", "detector"])
@pytest.mark.parametrize("count", range(len(PASSES) + 1))
def test_each_pass_leaves_the_outputs_as_they_are(
    networks: dict[str, nn.Module], pictures: dict[str, Tensor], name: str, count: int
) -> None:
    network, x = networks[name], pictures[name]
    rewritten = rewrite(network, torch.float32, PASSES[:count])
    # Part of the probability of a class comes from scores in bfloat16; its number does not.
    tolerance = 1e-3 if name == "recogniser" else 2e-5
    for expected, got in zip(outputs(network, x), outputs(rewritten, x), strict=True):
        torch.testing.assert_close(got, expected, atol=tolerance, rtol=0)


class Shared(nn.Module):
    """A layer whose result is used twice, and a sum of two other things."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        return nn.functional.relu(y) + y + 1.0


def test_a_result_that_is_used_twice_is_left_alone() -> None:
    torch.manual_seed(2)
    network, x = Shared().eval(), torch.randn(2, 4, 5, 6)
    rewritten = rewrite(network, torch.float32, PASSES[: PASSES.index(fuse_activations) + 1])
    torch.testing.assert_close(outputs(rewritten, x), outputs(network, x))
    assert fuse_activations(rewritten) == 0


def test_doubts_are_told_where_a_best_class_is_found(
    networks: dict[str, nn.Module], pictures: dict[str, Tensor]
) -> None:
    graph = rewrite(networks["recogniser"], torch.float32, PASSES)
    assert tell_doubts(graph) == 1
    graph.recompile()
    *steps, doubts = outputs(graph, pictures["recogniser"])
    assert [output.shape for output in steps] == [(3, 9)] * 4
    assert doubts.shape == (3,)
    assert tell_doubts(rewrite(networks["detector"], torch.float32, PASSES)) == 0
