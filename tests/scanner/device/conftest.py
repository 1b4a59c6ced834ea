"""The networks as the process for the device has them, and as a worker has its own."""

from __future__ import annotations

import pytest
import torch
from device_runs import OPTIONS

from scanner.device.server import Networks, load_networks
from scanner.pipeline import Models, load_models


@pytest.fixture(scope="session")
def networks() -> Networks:
    return load_networks(torch.device("cpu"), OPTIONS)


@pytest.fixture(scope="session")
def models() -> Models:
    return load_models(OPTIONS)
