from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import OutputError, StageError
from scanner.files import (
    append_lines,
    output_stems,
    prepare_folder,
    printable,
    usual_stem,
    write_atomically,
)


def test_results_are_called_as_their_inputs() -> None:
    assert output_stems(["a.jpg", "b/c.tar.png", "b/d", "日本.pdf"]) == [
        "a",
        "b/c.tar",
        "b/d",
        "日本",
    ]


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["a.jpg", "a.png", "b.png"], ["a.jpg", "a.png", "b"]),
        (["a.jpg", "a.jpg"], ["a.jpg", "a.jpg-2"]),
        (["a.jpg", "a.png", "a.jpg.png"], ["a.jpg-2", "a.png", "a.jpg"]),
        (["A.jpg", "a.jpg"], ["A.jpg", "a.jpg-2"]),
        (["x/a.jpg", "y/a.jpg"], ["x/a", "y/a"]),
        # A PDF's second page would be a-0002.png.
        (["a.pdf", "a-0002.jpg"], ["a", "a-0002.jpg"]),
        (["a.pdf", "a.overlay-0002.jpg"], ["a", "a.overlay-0002.jpg"]),
        (["a.pdf", "a.overlay.jpg"], ["a", "a.overlay.jpg"]),
        (["b-0002.jpg"], ["b-0002"]),
    ],
)
def test_inputs_that_would_share_a_name_keep_their_suffix(
    names: list[str], stems: list[str]
) -> None:
    assert output_stems(names) == stems


NAMES = st.lists(
    st.from_regex(r"(x/)?[aAä](-0001|\.overlay)?(\.jpg|\.png|\.pdf)?(-2)?", fullmatch=True),
    max_size=12,
)


@given(NAMES)
def test_no_two_inputs_share_a_stem(names: list[str]) -> None:
    stems = output_stems(names)
    assert len({stem.casefold() for stem in stems}) == len(names)


def test_a_name_as_long_as_a_file_system_allows_still_gets_its_suffix(tmp_path: Path) -> None:
    names = ["é" * 125 + ".jpg", "é" * 125 + ".png"]
    for stem in output_stems(names):
        write_atomically(tmp_path / f"{stem}.overlay-0001.png", b"")
    assert len(list(tmp_path.iterdir())) == 2


def test_names_no_document_can_carry_become_printable() -> None:
    broken = os.fsdecode(b"caf\xe9.jpg")
    assert printable(broken) == "caf\ufffd.jpg"
    assert printable("a\x1b[31m\n.png") == "a\ufffd[31m\ufffd.png"
    assert printable("👩‍🔬 été.png") == "👩‍🔬 été.png"


def test_usual_stem_keeps_folders_and_hidden_names() -> None:
    assert usual_stem("a.b/c.d.jpg") == "a.b/c.d"
    assert usual_stem(".jpg") == ".jpg"


def test_written_whole_with_the_usual_rights(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.txt"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    plain = tmp_path / "plain"
    plain.touch()
    assert target.read_bytes() == b"two"
    assert target.stat().st_mode == plain.stat().st_mode
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_a_name_taken_by_a_folder_concerns_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(StageError, match=r"a\.txt: Is a directory"):
        write_atomically(tmp_path / "a.txt", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_cannot_be_written_to_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"proc/no: cannot be written"):
        prepare_folder(Path("/proc/no"))
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file: is a file; results need a folder"):
        prepare_folder(tmp_path / "file")
    with pytest.raises(OutputError, match="below: cannot be written: Not a directory"):
        prepare_folder(tmp_path / "file" / "below")


def test_a_full_disk_is_said_so() -> None:
    with pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"):
        append_lines(Path("/dev/full"), ["x"])


def test_lines_are_added_one_by_one(tmp_path: Path) -> None:
    append_lines(tmp_path / "m", ["é"])
    append_lines(tmp_path / "m", ["b", "c"])
    assert (tmp_path / "m").read_text(encoding="utf-8") == "é\nb\nc\n"
