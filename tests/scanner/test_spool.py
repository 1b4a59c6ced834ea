"""What waits on the disk comes back as it was, and is data only."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from scanner.spool import pack, unpack
from table_restore.geometry import Box, Polygon


def test_numpy_s_numbers_come_back_as_plain_ones() -> None:
    outline = Polygon(((np.float64(1.5), 2.0), (3.0, np.float32(2.0)), (3.0, 4.0)))  # type: ignore[arg-type]
    back = unpack(pack((outline, np.int64(7), np.bool_(True))))
    assert back == (outline, 7, True)
    numbers = [number for point in back[0].points for number in point]
    assert [type(number) for number in [*numbers, *back[1:]]] == [float] * 6 + [int, bool]


def test_parts_of_documents_come_back() -> None:
    outline = Box(1, 2, 3, 4).polygon()
    assert unpack(pack({"1": [outline, None, "text"]})) == {"1": [outline, None, "text"]}


@pytest.mark.parametrize("stranger", [eval, pickle.loads, np.zeros(2)])
def test_what_is_no_part_of_a_document_is_refused(stranger: object) -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no part of a document"):
        unpack(pickle.dumps(stranger))
