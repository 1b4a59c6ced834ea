"""Operators on pixels: plain functions on tensors that know nothing of pages or tables."""
