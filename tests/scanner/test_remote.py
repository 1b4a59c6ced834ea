"""Files at URLs: what is written is there whole or not at all, what goes wrong is a sentence."""

from __future__ import annotations

import importlib.util
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from stand_ins import picture

from scanner.errors import OutputError, SourceError, UsageError
from scanner.inputs import find_inputs
from scanner.remote import Remote, as_place, is_url


class Shelf(LocalFileSystem):  # type: ignore[misc]
    """A storage in which a file that is being written is seen."""

    protocol = "shelf"
    full = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(path).removeprefix("shelf://")

    def pipe_file(self, path: str, value: bytes, **kwargs: Any) -> None:
        with Path(path).open("wb") as file:
            file.write(value[: len(value) // 2])
            if Shelf.full:
                raise OSError(28, "No space left on device")
            file.write(value[len(value) // 2 :])


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Remote]:
    fsspec.register_implementation("shelf", Shelf, clobber=True)
    yield Remote(f"shelf://{tmp_path}/shelf")
    Shelf.full = False


def test_addresses_are_told_from_paths() -> None:
    assert is_url("s3://bucket/x")
    assert not any(is_url(text) for text in ("C://x", "a/b", "file:///a b", Path("s3://x")))
    assert as_place("file:///a b/c") == Path("/a b/c")
    assert as_place("a::b.png") == Path("a::b.png")
    assert as_place("memory://x/y/") == Remote("memory://x/y")


def test_storages_without_single_writes_get_files_by_renaming(shelf: Remote) -> None:
    file = shelf / "sub/a.txt"
    file.write(b"old content")
    Shelf.full = True
    with pytest.raises(OutputError, match=r"a\.txt: cannot be written: .*No space left"):
        file.write(b"new content")
    assert file.read() == b"old content"
    assert (shelf / "sub").names() == {"a.txt"}
    Shelf.full = False
    file.write(b"new content")
    assert file.read() == b"new content"
    assert (shelf / "sub").names() == {"a.txt"}


def test_a_bucket_is_a_folder(bucket: str, tmp_path: Path) -> None:
    place = Remote(bucket) / "in"
    for name in ("a b.png", "ü/#1%?.png", "ü/x.txt"):
        (place / name).write(name.encode())
    assert set(place.find()) == {"a b.png", "ü/#1%?.png", "ü/x.txt"}
    assert place.names() == {"a b.png", "ü"}
    assert dict(place.read_all(["a b.png", "ü/x.txt"])) == {
        "a b.png": b"a b.png",
        "ü/x.txt": "ü/x.txt".encode(),
    }
    before = (place / "a b.png").stamp()
    (place / "a b.png").write(b"another")
    assert before is not None
    assert (place / "a b.png").stamp() not in (None, before)
    assert place.stamp() is None
    for name in ("?.png", "a?b.png", "ü", "ü"):  # the first two and the last are not there
        (place / name).remove()
    assert place.names() == {"a b.png"}
    with pytest.raises(SourceError, match="there is no such bucket, folder or file"):
        Remote(f"{bucket}/none.png", SourceError).get(tmp_path / "none.png")
    assert list(tmp_path.iterdir()) == []


def test_inputs_at_urls_are_found_as_those_of_this_machine(bucket: str, tmp_path: Path) -> None:
    names = [
        "a10.png",
        "a2.png",
        "b/c.tif",
        "b/scan",
        "b/no scan.txt",
        ".hidden/d.png",
        "out/e.png",
    ]
    for name in names:
        data = picture(tmp_path / "x.png").read_bytes() if name != "b/no scan.txt" else b"text"
        (Remote(bucket) / "in" / name).write(data)
    inputs = [f"{bucket}/in", f"{bucket}/in/b/c.tif", f"{bucket}/in/**/*.tif", str(tmp_path)]
    found = find_inputs(inputs, exclude=Remote(f"{bucket}/in/out"))
    assert {file.relative.as_posix() for file in found.files} == {
        "a2.png",
        "a10.png",
        "b/c.tif",
        "b/scan",
        "x.png",
    }
    remote = [file.relative.as_posix() for file in found.files if file.remote is not None]
    assert remote == ["a2.png", "a10.png", "b/c.tif", "b/scan"]
    assert [path.name for path in found.skipped] == ["no scan.txt"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nowhere://a/b", "nowhere://a/b: there is no way to reach nowhere:// addresses"),
        ("zip://a.png::s3://b/c.zip", r"addresses within addresses \(::\) are not supported"),
        ("s3://no-such-bucket/in", "s3://no-such-bucket/in: there is no such bucket"),
    ],
)
def test_addresses_of_nothing(bucket: str, url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_inputs([url])


def test_outputs_need_a_bucket_that_is_there(bucket: str) -> None:
    with pytest.raises(OutputError, match="there is no such bucket"):
        Remote("s3://no-such-bucket/out").check()


def test_a_package_that_is_missing_is_named() -> None:
    if importlib.util.find_spec("gcsfs") is not None:
        pytest.fail("the package is there; test with another one")
    with pytest.raises(UsageError, match=r"gs:// needs another package: .*scanner-ocr\[gs\]"):
        as_place("gs://bucket/out")


def test_wrong_credentials_are_said_so(bucket: str, s3_endpoint: str) -> None:
    def need_credentials(after: bytes) -> None:
        url, kind = f"{s3_endpoint}/moto-api/reset-auth", {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, after, kind)).close()

    need_credentials(b"0")
    try:
        with pytest.raises(UsageError, match=r"access is refused .* AWS_PROFILE"):
            find_inputs([f"{bucket}/in"])
        with pytest.raises(OutputError, match=r"access is refused .* AWS_PROFILE"):
            Remote(f"{bucket}/out").check()
    finally:
        need_credentials(b"inf")
