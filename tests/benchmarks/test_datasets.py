"""Reading the measuring sets, on small ones made up here."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.datasets import SETS, load, select


@pytest.fixture
def data(tmp_path: Path) -> Path:
    reports, receipts = tmp_path / "unlv_reports", tmp_path / "sroie"
    reports.mkdir()
    receipts.mkdir()
    (reports / "list.tsv").write_text("a.tif\ta.txt\nb.tif\tb.txt\tmore\n")
    (reports / "a.txt").write_text("10~C\n")
    (reports / "b.txt").write_text("é\n", encoding="utf-8")
    (receipts / "list.tsv").write_text("1.jpg\t1.csv\t1.json\n")
    (receipts / "1.csv").write_bytes(
        b"0,0,9,0,9,9,0,9,27,JALAN DEDAP 13,\r\n0,20,9,20,9,29,0,29,TOTAL\r\n\r\n"
    )
    return tmp_path


def test_page_text(data: Path) -> None:
    first, second = load("unlv_reports", data)
    assert (first.set, first.name, first.truth) == ("unlv_reports", "a.tif", "10~C\n")
    assert first.image == data / "unlv_reports" / "a.tif"
    assert second.truth == "é\n"
    assert not first.fold_case


def test_receipts_keep_commas_of_the_text_and_fold_case(data: Path) -> None:
    (receipt,) = load("sroie", data)
    assert receipt.truth == "27,JALAN DEDAP 13,\nTOTAL"
    assert receipt.fold_case


def test_missing_set(data: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load("old_books", data)


def test_select(data: Path) -> None:
    samples = load("unlv_reports", data) * 5
    assert select(samples, every=4) == [samples[0], samples[4], samples[8]]
    assert select(samples, every=4, limit=2) == [samples[0], samples[4]]
    assert select(samples) == samples


@pytest.mark.parametrize("name", SETS)
def test_sets_at_hand_have_their_files(name: str, shared_data: Path) -> None:
    samples = load(name, shared_data)
    assert samples
    assert all(sample.image.is_file() and sample.truth.strip() for sample in samples)
