"""Scans drawn by a script, with their truth: for the demo and the golden tests."""
