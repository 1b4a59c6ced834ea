"""The page itself: whole, self-contained, the same each time, and legible in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
import torch
from lxml import html
from PIL import Image
from stand_ins import RED, WHITE, make_reader, picture

from scanner.batch import BatchRun, plan_batch, read_results
from scanner.batch.output import Output
from scanner.images import PageImage
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.rectification import Rectification
from scanner.report import write_report
from scanner.report.figures import gather
from scanner.report.markup import tag
from scanner.report.write import render
from scanner.thumbnails import MOST, Thumbnails

NASTY = '<b> & "c" #1%.tif'


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a good file, one with a bad page, one that is no scan."""
    folder = tmp_path_factory.mktemp("report")
    picture(folder / "in" / "good.png")
    picture(folder / "in" / "sub folder" / NASTY, WHITE, RED, WHITE)
    (folder / "in" / "empty.png").touch()
    batch = plan_batch(find_inputs([folder / "in"]).files, folder / "out", ("json", "overlay"))
    with BatchRun(batch, Options(workers=0), make_reader=make_reader) as run:
        assert len(list(run.results())) == 3
    write_report(folder / "out", undone=7)
    return folder / "out"


@pytest.fixture
def page(out: Path) -> html.HtmlElement:
    return html.fromstring((out / "report.html").read_text(encoding="utf-8"))


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in page.findall(path)]


def test_it_tells_what_became_of_the_files(page: html.HtmlElement) -> None:
    totals = dict(zip(texts(page, ".//dt"), texts(page, ".//dd"), strict=True))
    assert totals["Files"] == "3"
    assert (totals["whole"], totals["with parts missing"], totals["failed"]) == ("1", "1", "1")
    assert (totals["Pages read"], totals["Pages failed"]) == ("3", "1")
    assert "7 files are not done yet" in page.findtext(".//header/p[@class='notice']", "")
    rows = [texts(row, "*") for row in page.findall(".//table[@class='failures']/tbody/tr")]
    assert [row[:4] for row in rows] == [
        ["empty.png", "", "read", "the file is empty"],
        [f"sub folder/{NASTY}", "2", "recognise", "the page is red"],
    ]
    assert {"--retry-failed", "scanner replay"} <= set(texts(page, ".//code"))


def test_least_certain_pages_have_pictures_and_links(page: html.HtmlElement) -> None:
    cards = page.findall(".//ol/li")
    assert sorted(texts(page, ".//ol/li/h3")) == [
        "good.png",
        f"sub folder/{NASTY}, page 1",
        f"sub folder/{NASTY}, page 3",
    ]
    for card in cards:
        (image,) = card.findall(".//img")
        assert image.get("src", "").startswith("data:image/jpeg;base64,")
        assert image.get("alt")
        assert [link.text for link in card.findall("p/a")] == ["overlay", "json"]


def test_all_links_lead_to_files_beside_it(out: Path, page: html.HtmlElement) -> None:
    targets = [link.get("href", "") for link in page.iter("a")]
    assert len(targets) > 10
    for target in targets:
        if target.startswith("#"):
            assert page.get_element_by_id(target[1:]) is not None
        else:
            assert (out / unquote(target)).is_file(), target


def test_a_result_that_is_gone_has_no_link(tmp_path: Path, out: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    (tmp_path / "out" / "good.overlay.png").unlink()
    page = html.parse(str(write_report(tmp_path / "out"))).getroot()
    assert not [a for a in page.iter("a") if a.get("href") == "good.overlay.png"]
    assert [a for a in page.iter("a") if a.get("href") == "good.json"]


def test_it_needs_nothing_but_itself(out: Path, page: html.HtmlElement) -> None:
    assert not list(page.iter("script", "link", "iframe", "object"))
    assert not re.search(r"https?:|@import|url\(", (out / "report.html").read_text("utf-8"))
    assert all(str(e.get("src")).startswith("data:") for e in page.iter() if e.get("src"))


def test_a_screen_reader_finds_its_way(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en"
    levels = [int(str(e.tag)[1]) for e in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in page.iter("table"):
        assert table.findtext("caption")
        assert all(head.get("scope") and head.text for head in table.iter("th"))
    for svg in page.iter("svg"):
        assert svg.get("aria-hidden") == "true" or (svg.get("role") and svg.get("aria-label"))
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_it_is_the_same_each_time(out: Path) -> None:
    pages = {render(Output(out), gather(read_results(out)), 0.0) for _ in range(2)}
    assert len(pages) == 1


def test_an_empty_folder_has_a_report_too(tmp_path: Path) -> None:
    text = write_report(tmp_path).read_text(encoding="utf-8")
    assert "No page has been read yet" in text
    assert "Nothing failed" in text


def test_text_is_never_markup() -> None:
    assert tag("p", "<a> & \x00\x1b", title='"') == '<p title="&quot;">&lt;a&gt; &amp; ��</p>'


def test_few_pictures_are_kept_and_a_page_has_one(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path)
    pixels = torch.full((900, 500, 3), 200, dtype=torch.uint8)
    page = PageImage(pixels, Rectification.identity())
    for number in range(MOST + 10):
        thumbnails.offer("a", number, 0.5 + number / 100, page)
    thumbnails.offer("b", 1, 0.1, page)
    assert len(list(tmp_path.iterdir())) == MOST
    assert thumbnails.find("b", 1)
    assert thumbnails.find("a", 0)
    assert thumbnails.find("a", MOST) is None
    thumbnails.offer("b", 1, 0.2, page)
    assert len(list(tmp_path.iterdir())) == MOST
    with Image.open(next(tmp_path.glob("0.2000-*"))) as small:
        assert small.size == (222, 400)


def chromium(*arguments: str) -> str:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    done = subprocess.run(
        [program, *flags, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def test_a_browser_shows_all_of_it(out: Path) -> None:
    dom = html.fromstring(chromium("--dump-dom", (out / "report.html").as_uri()))
    written = html.fromstring((out / "report.html").read_text(encoding="utf-8"))
    assert [e.tag for e in dom.iter()] == [e.tag for e in written.iter()]
    assert dom.text_content().split() == written.text_content().split()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (500, True)])
def test_it_is_drawn_light_and_dark_wide_and_narrow(
    out: Path, tmp_path: Path, width: int, dark: bool
) -> None:
    target = tmp_path / "shot.png"
    chromium(
        f"--screenshot={target}",
        f"--window-size={width},1600",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        (out / "report.html").as_uri(),
    )
    shot = np.asarray(Image.open(target).convert("L"), dtype=float)
    ground = np.median(shot)
    assert ground < 60 if dark else ground > 240
    assert np.abs(shot - ground).max() > 150  # there is ink
    assert np.abs(shot[:, -8:] - ground).max() < 8  # and none runs over the right edge
