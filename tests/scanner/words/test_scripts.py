"""Chinese and Japanese writing is told from Latin letters, wide ones too."""

from __future__ import annotations

import pytest

from scanner.words.scripts import is_cjk, is_full_width


@pytest.mark.parametrize(
    ("text", "cjk", "full_width"),
    [
        ("中", True, False),
        ("か", True, False),
        ("Ａ", False, True),
        ("：", False, True),
        ("A", False, False),
        ("é", False, False),
        ("", False, False),
    ],
)
def test_writing(text: str, cjk: bool, full_width: bool) -> None:
    assert is_cjk(text) is cjk
    assert is_full_width(text) is full_width
