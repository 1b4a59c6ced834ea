"""The process that runs the networks on a device, for the workers of a run."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from scanner.batch.process import die_with_parent, print_to
from scanner.device.address import Address
from scanner.errors import ScannerError, WorkerError
from scanner.options import Options

MOST_ENDS = 3
"""So often it is started again if no page is read in between."""

log = logging.getLogger(__name__)

BROKEN = 70
"""Exit code of the process for the networks when its device fails."""


class DeviceProcess:
    """Runs the networks on the device that the options name.

    It starts when workers first want to know its address, and again if it is gone by then.
    `slots` is how many of them can be answered at a time. What it prints goes to the file `log`.
    """

    def __init__(
        self, context: ForkServerContext | SpawnContext, options: Options, slots: int, log: Path
    ) -> None:
        self._context = context
        self._options = options
        self._slots = slots
        self._log = log
        self._process: BaseProcess | None = None
        self._connection: Connection[None, Any] | None = None
        self._address: Address | None = None
        self._ended = 0

    def address(self) -> Address | None:
        """Where it is called; None where the best device is the processor.

        Raises `UsageError` where there is no such device, `WeightsError` where the networks
        cannot be loaded, `WorkerError` where the process does not start or ends again and again.
        """
        if self._process is None:
            self._start()
        elif self._address is not None and not self._process.is_alive():
            self._ended += 1
            code, device = self._process.exitcode, self._options.device
            what = f"the process for the networks on {device} ended (code {code})"
            if self._ended > MOST_ENDS:
                raise WorkerError(f"{what}, as those before it did: the device cannot be used")
            log.warning("%s: it is started again, and its pages are read again", what)
            self._start()
        return self._address

    def found_well(self) -> None:
        """A page was read with it."""
        self._ended = 0

    @property
    def log(self) -> Path:
        """The file of what it prints."""
        return self._log

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._process = self._connection = self._address = None
        self._log.unlink(missing_ok=True)

    def _start(self) -> None:
        self.close()
        ours, theirs = self._context.Pipe()
        arguments = (theirs, self._options, self._slots, self._log)
        process = self._context.Process(target=serve_networks, args=arguments, daemon=True)
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        try:
            reply = ours.recv()
        except (EOFError, OSError) as error:
            process.join()
            message = f"the process for the networks does not start (code {process.exitcode})"
            raise WorkerError(message) from error
        if isinstance(reply, ScannerError):
            raise reply
        self._address = reply


def serve_networks(
    connection: Connection[Any, Any], options: Options, slots: int, log: Path
) -> None:
    """Run the networks until the run is gone; sends their address, None, or why there is none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    print_to(log)
    die_with_parent()
    from scanner.device.choice import choose_device  # with PyTorch
    from scanner.device.server import Server, load_networks

    try:
        device = choose_device(options.device)
        if device.type == "cpu" and options.device == "auto":
            connection.send(None)
            return
        networks = load_networks(device, options)
    except ScannerError as error:
        connection.send(error)
        return
    # Nothing can be done on a device after an error of its own; a new process can.
    with (
        Server(networks, slots, broken=partial(os._exit, BROKEN)) as server,
        suppress(EOFError, OSError),
    ):
        connection.send(server.address)
        connection.recv()  # until the run is gone
