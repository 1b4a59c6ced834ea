"""Recognised text made safe for the file formats, without losing anything unseen."""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 cannot hold: most control characters, lone surrogates, two noncharacters.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_CONTROL_PICTURES = 0x2400


def xml_text(text: str) -> str:
    """The text with everything that XML 1.0 forbids replaced by a visible sign.

    A control character becomes its picture (U+0007 becomes U+2407, "BEL"), anything else the
    replacement character. Line breaks become plain line feeds, which XML readers keep.
    """
    return _NOT_XML.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))


def unicode_text(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD."""
    return _SURROGATES.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """The text on a single line: line breaks, tabs and form feeds become one space."""
    return unicode_text(_LINE_BREAKS.sub(" ", text))


def display_width(text: str) -> int:
    """How many columns of a fixed-width font the text takes; wide characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def is_east_asian(character: str) -> bool:
    """Whether the character belongs to a script written without spaces between words."""
    return unicodedata.east_asian_width(character) in "WF"


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, which is how Excel counts characters."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else _REPLACEMENT
