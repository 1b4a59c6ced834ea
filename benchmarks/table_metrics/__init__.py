"""Measures of table recognition, each implemented from the paper that defines it."""
