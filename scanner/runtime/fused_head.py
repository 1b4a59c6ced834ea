"""The last layer of the recogniser on a CUDA device."""

from __future__ import annotations

from torch import Tensor, nn

from gpu_ops import library


class FusedHead(nn.Module):
    """`[batch, steps, features]` to each step's two best classes, as `best_two` tells them.

    The scores of the 18,710 classes are never written to memory: they would be some hundred times
    what the network reads.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        found = library.head(x.flatten(0, 1), self.linear.weight, self.linear.bias)
        return tuple(output.view(x.shape[:2]) for output in found)
