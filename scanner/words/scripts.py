"""Which writing a character belongs to."""


def is_cjk(text: str) -> bool:
    """Whether a character is Chinese or Japanese writing, their punctuation left aside."""
    return text[:1] >= "\u3040" and not is_full_width(text)


def is_full_width(text: str) -> bool:
    """Whether a character is a Latin one, a digit or a mark as wide as a Chinese one."""
    return len(text) == 1 and "\uff01" <= text <= "\uff5e"
