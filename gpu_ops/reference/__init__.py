"""Twins of operators in plain PyTorch: slow, on any device, and what the fast ways must agree with.

One module for each module of operators whose own CPU way is not already plain PyTorch.
"""
