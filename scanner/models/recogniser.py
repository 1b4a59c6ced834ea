"""The text recogniser: a picture of one line to scores of characters (PP-OCRv6 small).

The shared backbone, an SVTR neck (Du et al., 2022) of two transformer blocks over the columns
of the line, and a linear layer for connectionist temporal classification.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from scanner.models.blocks import Downsample, Stem, stage

HEIGHT = 48
"""Lines are this many pixels high."""

STEP = 8
"""Input pixels in reading direction for each output step."""

WIDTH = 120
HEADS = 8


class Recogniser(nn.Module):
    """`[batch, 3, 48, width]` to each step's two best classes, and how sure they are.

    That is the best class, its probability, the second best class, and its probability as a share
    of the best one's, all `[batch, width // 8]`. The input is BGR scaled to -1..1, padded with
    zeros on the right; class 0 is the CTC blank.
    """

    exact = ("head",)
    """Scores of look-alikes differ by less than bfloat16 can tell: the head stays float32."""

    second_look = True
    """A line that hangs on less than bfloat16 can tell is read again in float32."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = Stem(48, 96)
        self.stage1 = stage(96, (True, False, False))
        self.down1 = Downsample(96, (2, 1))
        self.stage2 = stage(192, (True, False, True, False, True, False))
        self.down2 = Downsample(192, (2, 1))
        self.stage3 = stage(384, (True, False))
        self.neck = Neck(384)
        self.head = nn.Linear(WIDTH, classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return best_two(self.logits(x))

    def logits(self, x: Tensor) -> Tensor:
        """The scores of every class `[batch, width // 8, classes]`."""
        x = self.stage1(self.stem(x))
        x = self.stage2(self.down1(x))
        x = self.stage3(self.down2(x))
        sequence = self.neck(F.avg_pool2d(x, (3, 2)))
        logits: Tensor = self.head(sequence.float())
        return logits


def best_two(logits: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of each step of `[batch, steps, classes]` the best class, its probability, the second best
    class, and its probability as a share of the best one's.
    """
    top, ids = logits.topk(2, dim=-1)
    first, second = top.unbind(-1)
    probability = (first - logits.logsumexp(dim=-1)).exp().clamp(0.0, 1.0)
    best, other = ids.unbind(-1)
    return best, probability, other, (second - first).exp()


class Neck(nn.Module):
    """`[batch, channels, 1, steps]` to `[batch, steps, 120]`: local, then global context."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.shortcut = _ConvSwish(channels, WIDTH, (1, 1), 1)
        self.reduce = _ConvSwish(channels, WIDTH, (1, 1), 1)
        self.local = _ConvSwish(WIDTH, WIDTH, (1, 7), WIDTH)
        self.blocks = nn.ModuleList(TransformerBlock() for _ in range(2))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.shortcut(x)
        x = self.reduce(x)
        x = x + self.local(x)
        sequence = x.squeeze(2).transpose(1, 2)
        for block in self.blocks:
            sequence = block(sequence)
        mixed: Tensor = self.norm(sequence) + shortcut.squeeze(2).transpose(1, 2)
        return mixed


class TransformerBlock(nn.Module):
    """A pre-norm transformer block over `[batch, steps, 120]` (8 heads of 15, SiLU network)."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.expand = nn.Linear(WIDTH, 2 * WIDTH)
        self.project = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        batch, steps = x.shape[0], x.shape[1]
        qkv = self.qkv(self.norm1(x)).reshape(batch, steps, 3, HEADS, WIDTH // HEADS)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(query, key, value)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, steps, WIDTH))
        mixed: Tensor = self.project(F.silu(self.expand(self.norm2(x))))
        return x + mixed


class _ConvSwish(nn.Module):
    """Convolution, batch normalisation, SiLU."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: tuple[int, int], groups: int
    ) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.conv = nn.Conv2d(
            channels_in, channels_out, kernel, padding=padding, groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.norm(self.conv(x)))
