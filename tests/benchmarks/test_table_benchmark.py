"""The benchmark around the measures: truths, img2table's replies, scores and pictures."""

import json

import numpy as np
import pytest
from PIL import Image

from benchmarks.generated_tables import Damage, generate_page
from benchmarks.table_datasets import TableSample, read_ctdar, read_icdar2013, read_pubtabnet
from benchmarks.table_metrics.adjacency import BoxedTable, boxed
from benchmarks.table_metrics.plain import plain
from benchmarks.table_peers import table_of_reply
from benchmarks.table_pictures import draw_comparison, save_contact_sheets, save_worst_first
from benchmarks.table_scores import score_page, summary
from benchmarks.tables import tables_on_pages_without
from table_restore.geometry import Box


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A sample of a clean page with tables."""
    page = generate_page(21, tables=2, damage=Damage.NONE, empty_share=0.0, empty_column=False)
    path = tmp_path_factory.mktemp("page") / "21.png"
    Image.fromarray(page.pixels).save(path)
    tables = tuple(plain(table) for table in page.tables)
    return TableSample("generated", "21", path, tables, group="x"), page.tables


def test_icdar2013_truth(tmp_path):
    def cell(row0, row1, col0, col1, box, text):
        place = {"row0": row0, "row1": row1, "col0": col0, "col1": col1}
        return place | {"bbox_px": box, "text": text}

    cells = [cell(0, 0, 1, 2, [10, 0, 30, 8], "head"), cell(1, 1, 0, 0, [0, 10, 8, 18], "a")]
    path = tmp_path / "truth.json"
    path.write_text(json.dumps({"tables": [{"cells": cells}]}), encoding="utf-8")
    (table,) = read_icdar2013(path)
    assert (table.rows, table.columns, table.box) == (2, 3, Box(0, 0, 30, 18))
    assert table.owners[0, 2].text == "head"
    assert table.owners[1, 2].text == ""


def test_ctdar_truth(tmp_path):
    path = tmp_path / "truth.xml"
    path.write_text(
        """<?xml version="1.0" encoding="UTF-8"?>
        <document><table><Coords points="0,0 0,50 50,50 50,0"/>
        <cell id="7" neighbors="9:R"><Coords points="1,1 9,1 9,5 1,6"/></cell>
        <cell id="9" neighbors="7:L 8:B"><Coords points="20,1 29,1 29,5 20,5"/></cell>
        <cell id="8" neighbors="9:T"><Coords points="20,10 29,10 29,15 20,15"/></cell>
        </table></document>""",
        encoding="utf-8",
    )
    (table,) = read_ctdar(path)
    assert table.boxes == (Box(1, 1, 9, 6), Box(20, 1, 29, 5), Box(20, 10, 29, 15))
    assert table.relations == {frozenset({0, 1}), frozenset({1, 2})}
    assert table.box == Box(1, 1, 29, 15)


def test_pubtabnet_truth():
    structure = '<thead> <tr> <td rowspan="2" > </td> <td colspan="2" > </td> </tr> '
    structure += "<tr> <td> </td> <td> </td> </tr> </thead>"
    cells = [
        {"tokens": ["<b>", "A", " ", "<", "</b>"], "bbox": [0, 0, 5, 5]},
        {"tokens": ["h"], "bbox": [10, 0, 25, 5]},
        {"tokens": ["b"], "bbox": [10, 10, 15, 15]},
        {"tokens": []},
    ]
    table = read_pubtabnet({"structure": {"tokens": [structure]}, "cells": cells})
    places = [(c.place, c.text) for c in table.cells]
    assert places == [
        ((0, 0, 2, 1), "A <"),
        ((0, 1, 1, 2), "h"),
        ((1, 1, 1, 1), "b"),
        ((1, 2, 1, 1), ""),
    ]


def test_a_repeated_cell_of_img2table_is_a_spanning_one():
    head = {"box": [0, 0, 40, 10], "text": "head"}
    low = [{"box": [0, 10, 20, 20], "text": "a"}, {"box": [20, 10, 40, 20], "text": ""}]
    reply = {"box": [0, 0, 40, 20], "rows": [[head, head], low]}
    table = table_of_reply(reply, [Box(2, 2, 12, 8), Box(14, 2, 30, 8), Box(3, 12, 9, 18)])
    assert [cell.place for cell in table.cells] == [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert [cell.ink for cell in table.cells] == [Box(2, 2, 30, 8), Box(3, 12, 9, 18), None]
    assert (table.rows, table.columns) == (2, 2)


def test_the_truth_scores_full_marks(generated):
    sample, _ = generated
    figures = summary([score_page(sample, sample.tables)])
    rates = {k: v for k, v in figures.items() if isinstance(v, float)}
    assert len(rates) > 15
    assert set(rates.values()) == {1.0}
    assert figures["joined_cells"] == figures["failed"] == 0


def test_nothing_found_scores_nothing(generated):
    sample, _ = generated
    score = score_page(sample, [], error="IndexError: oh")
    figures = summary([score])
    assert score.value == 0.0
    assert (figures["failed"], figures["tables_found"], figures["exact_pages"]) == (1, 0, 0.0)
    assert figures["teds"] == figures["adjacency_f1"] == figures["detection_0.6_f1"] == 0.0


def test_one_of_two_tables_found_scores_half_of_what_is_averaged_over_tables(generated):
    sample, _ = generated
    figures = summary([score_page(sample, sample.tables[:1])])
    assert figures["teds"] == figures["exact_tables"] == 0.5
    assert figures["detection_0.8_recall"] == 0.5
    assert figures["adjacency_precision"] == 1.0
    assert figures["exact_pages"] == 0.0


def test_boxed_truth_is_scored_on_the_ink(generated):
    sample, _ = generated
    loose = tuple(
        BoxedTable(b.box, tuple(box.grow(2) for box in b.boxes), b.relations)
        for b in map(boxed, sample.tables)
    )
    figures = summary(
        [score_page(TableSample("ctdar", "x", sample.image, boxed=loose), sample.tables)]
    )
    assert figures["adjacency_f1_0.9"] > 0.95
    assert figures["adjacency_in_matched_tables_weighted_f1"] > 0.95


def test_tables_on_pages_without_any_are_false(generated):
    sample, _ = generated
    letter = TableSample("unlv_letters", "x", sample.image)
    scores = [score_page(letter, sample.tables), score_page(letter, [])]
    assert [score.value for score in scores] == [0.0, 1.0]
    figures = summary(scores)
    assert (figures["tables_found"], figures["pages_with_false_tables"]) == (2, 1)


def test_pictures_show_red_only_where_something_is_wrong(generated, tmp_path):
    sample, tables = generated
    good = [(table, plain(table)) for table in tables]
    names = []
    for found in (good, good[:1]):
        score = score_page(sample, [form for _, form in found])
        picture = draw_comparison(sample, found, score)
        red = (np.array(picture) == (220, 0, 0)).all(axis=2).any()
        assert red == (found is not good)
        save_worst_first([(score.value, "page", picture)], tmp_path)
        names.append(f"{score.value:.3f}_page.png")
    assert names[0] == "1.000_page.png"
    save_contact_sheets(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "sheet_00.jpg"])


def test_false_tables_are_named():
    pages = [
        {"system": "scanner", "set": name, "page": f"p{found}", "found_tables": found}
        for name in ("old_books", "ctdar")
        for found in (0, 1)
    ]
    assert tables_on_pages_without(pages) == ["scanner finds a table on old_books p1"]
