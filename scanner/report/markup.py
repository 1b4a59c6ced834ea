"""HTML and SVG elements as Python calls; whatever text they are given is escaped."""

from __future__ import annotations

import re
from html import escape

_VOID = {"img", "link", "meta", "br"}

# What HTML cannot carry, escaped or not.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Content = str | int | Markup


def tag(name: str, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """An element; strings are escaped, markup is taken as it is.

    A trailing underscore of an attribute's name is dropped, others become hyphens; None and
    False leave the attribute out, True gives it no value.
    """
    opened = name
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.removesuffix("_").replace("_", "-")
        opened += f" {key}" if value is True else f' {key}="{_escape(str(value))}"'
    if name in _VOID:
        return Markup(f"<{opened}>")
    return Markup(f"<{opened}>{join(*content)}</{name}>")


def join(*content: Content) -> Markup:
    """Pieces one after the other."""
    return Markup("".join(c if isinstance(c, Markup) else _escape(str(c)) for c in content))


def _escape(text: str) -> str:
    return escape(_CONTROL.sub("\ufffd", text))
