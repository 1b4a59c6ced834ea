"""Source pages to upright pages."""

from scanner.preprocess.upright import preprocess

__all__ = ["preprocess"]
