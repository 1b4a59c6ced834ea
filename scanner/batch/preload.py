"""Imported by the server that workers are forked from: all that they need, loaded once."""

import gc

# Imports make half a million objects and no garbage; looking for some takes a fifth of the time.
gc.disable()

import scanner.batch.carrier  # noqa: E402, F401

gc.freeze()
gc.enable()
