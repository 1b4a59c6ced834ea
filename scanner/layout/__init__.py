"""Lines and tables to the page's items in reading order."""

from scanner.layout.arrangement import arrange, read, text_height

__all__ = ["arrange", "read", "text_height"]
