"""Finding what to scan, and what is said of files that cannot be opened."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path

import pytest
from PIL import Image

from scanner.errors import SourceError, UsageError
from scanner.inputs import Inputs, display_name, find_inputs
from scanner.options import Options
from scanner.readers.sniff import sniff
from scanner.sources import open_source


def picture(path: Path, kind: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 3), (1, 2, 3)).save(path, kind)
    return path


def places(inputs: Inputs) -> list[str]:
    return [file.relative.as_posix() for file in inputs.files]


def test_a_folder_is_walked_in_natural_order(tmp_path: Path) -> None:
    for name in ("page10.png", "page2.png", "b/1.png", "Page1.png", "b/11.png", "b/c/x.png"):
        picture(tmp_path / name)
    found = find_inputs([tmp_path])
    assert places(found) == [
        *("b/1.png", "b/11.png", "b/c/x.png", "Page1.png", "page2.png", "page10.png")
    ]
    assert [file.path for file in found.files] == [tmp_path / file.relative for file in found.files]


def test_files_are_told_by_suffix_or_content(tmp_path: Path) -> None:
    picture(tmp_path / "no suffix", "PNG")
    picture(tmp_path / "wrong.txt", "JPEG")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "empty.dat").touch()
    found = find_inputs([tmp_path])
    assert places(found) == ["no suffix", "text.png", "wrong.txt"]
    assert found.skipped == (tmp_path / "empty.dat", tmp_path / "notes.txt")


def test_hidden_files_and_the_output_folder_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.png", ".b.png", ".cache/c.png", "out/d.png", "__MACOSX/e.png"):
        picture(tmp_path / name)
    assert places(find_inputs([tmp_path], exclude=tmp_path / "out")) == ["a.png"]
    assert places(find_inputs([tmp_path], exclude=tmp_path)) == ["a.png", "out/d.png"]
    assert places(find_inputs([tmp_path / ".b.png"])) == [".b.png"]


def test_no_file_twice_and_no_endless_walk(tmp_path: Path) -> None:
    file = picture(tmp_path / "a" / "1.png")
    (tmp_path / "a" / "again.png").symlink_to(file)
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "self.png").symlink_to(tmp_path / "a" / "self.png")
    found = find_inputs([tmp_path / "a", file, str(tmp_path / "a" / "*.png")])
    assert places(found) == ["1.png", "self.png"]  # the last is tried, and fails with a reason
    with pytest.raises(SourceError, match=r"self\.png: "):
        open_source(found.files[1].path, Options())


def test_linked_folders_are_followed(tmp_path: Path) -> None:
    picture(tmp_path / "elsewhere" / "1.png")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
    assert places(find_inputs([tmp_path / "in"])) == ["link/1.png"]


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("in/a/1.png", "in/b/1.png", "in/b/notes.txt", "in/2.png", "in/[x].png"):
        picture(tmp_path / name, "PNG")
    assert places(find_inputs([str(tmp_path / "in" / "*.png")])) == ["2.png", "[x].png"]
    assert places(find_inputs([str(tmp_path / "in/**/1.png")])) == ["a/1.png", "b/1.png"]
    assert places(find_inputs([str(tmp_path / "in/?")])) == ["a/1.png", "b/1.png", "b/notes.txt"]
    assert places(find_inputs([str(tmp_path / "in/[x].png")])) == ["[x].png"]
    monkeypatch.chdir(tmp_path / "in")
    assert places(find_inputs(["*/1.png", "."])) == [
        *("2.png", "[x].png", "a/1.png", "b/1.png", "b/notes.txt")
    ]


@pytest.mark.parametrize("name", ["missing.png", "*.jpg", "empty"])
def test_an_input_that_comes_to_nothing(tmp_path: Path, name: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"missing|jpg|empty"):
        find_inputs([tmp_path / "a.png", tmp_path / name])


def test_an_unreadable_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "a.png")
    locked = tmp_path / "locked"
    locked.mkdir()
    iterdir = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder == locked:
            raise PermissionError(13, "Permission denied")
        return iterdir(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    found = find_inputs([tmp_path])
    assert places(found) == ["a.png"]
    assert [str(error) for error in found.unreadable] == [
        f"{locked}: cannot be read: permission denied"
    ]


@pytest.mark.parametrize(
    "name", ["with a space.png", "страница.png", "页面.png", "📄🙂.png", "a'b\"c.png", "%d{}.png"]
)
def test_names(tmp_path: Path, name: str) -> None:
    file = picture(tmp_path / "Ordner ü" / name)
    assert places(find_inputs([tmp_path])) == [f"Ordner ü/{name}"]
    with open_source(file, Options()) as source:
        assert source.read(1).path == file
    file.write_text("text")
    with pytest.raises(SourceError) as caught:
        open_source(file, Options())
    assert str(caught.value) == f"{file}: this is a text file, not a picture or a PDF"


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    try:
        (tmp_path / f"{name}.pdf").write_bytes(b"%PDF-1.4 broken")
    except OSError:
        pytest.skip("the file system takes no such names")
    file = picture(tmp_path / f"{name}.png")
    with open_source(file, Options()) as source:
        assert source.read(1).pixels.shape == (3, 4, 3)
    with pytest.raises(SourceError) as caught:
        open_source(tmp_path / f"{name}.pdf", Options())
    assert str(caught.value).encode().endswith("caf\ufffd.pdf: the PDF is damaged".encode()) or (
        "caf\ufffd.pdf: the PDF is damaged" in str(caught.value)
    )
    assert display_name(Path(name)) == "caf\ufffd"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"just some words\n", "a text file"),
        ("Überschrift\n".encode("latin-1") * 20, "a text file"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"PK\x03\x04" + bytes(50), "Office document"),
        (b"AT&TFORM\0\0\0\0DJVU", "a DjVu document"),
        (b"\xff\x0a" + bytes(20), "a JPEG XL picture"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "a video file"),
        (bytes(range(256)), "unknown kind"),
        (b"II*\0\0\0\0\0", "no pages"),
        (b"\xff\xd8\xff\xe0", "JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"%PDF-1.7\nnothing", "the PDF is damaged or cut off"),
    ],
)
def test_what_is_said_of_a_file_that_is_no_scan(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason) as caught, open_source(path, Options()) as source:
        source.read(1)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_what_the_file_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        open_source(tmp_path / "gone.png", Options())
    with pytest.raises(SourceError, match="a folder"):
        open_source(tmp_path, Options())
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(SourceError, match="a device or a pipe"):
        open_source(tmp_path / "pipe.png", Options())
    file = picture(tmp_path / "a.png")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=r"a\.png: cannot be read: permission denied"):
        open_source(file, Options())


def test_a_file_that_vanishes_between_pages(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.png")
    with open_source(file, Options()) as source:
        file.unlink()
        with pytest.raises(SourceError, match="there is no such file"):
            source.read(1)


def test_many_threads_leave_warnings_as_they_were(tmp_path: Path) -> None:
    files = [picture(tmp_path / f"{n}.{suffix}") for n in range(8) for suffix in ("tif", "webp")]
    before = list(warnings.filters)
    read: list[int] = []

    def work(path: Path) -> None:
        with open_source(path, Options()) as source:
            read.append(int(source.read(1).pixels[0, 0, 2]))

    threads = [threading.Thread(target=work, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 16
    assert warnings.filters == before


@pytest.mark.parametrize(
    "text", [b"BM is a car maker", b"P1 is a price", b"II* stars", b"RIFF raff"]
)
def test_text_is_not_taken_for_a_picture(text: bytes) -> None:
    assert sniff(text + b" and more of it" * 10) is None
