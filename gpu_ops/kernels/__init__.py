"""Triton kernels, one module for each module of operators that launches them.

They are imported where a tensor lies on a GPU and nowhere else: Triton comes with PyTorch's CUDA
builds and is absent from others. Each module ends with `VARIANTS`, the types and constants that
its kernels are compiled for, so that every one can be compiled where there is no GPU.
"""
