"""Cells of an export stay text, whatever is in them."""

import csv
import io
import random

from pipewise.csv_text import FORMULA_STARTS, inert, write_rows

STARTS = (*FORMULA_STARTS, " =", "  +", "﻿=")


def test_two_hundred_cells_that_would_act_do_not() -> None:
    rng = random.Random(5)
    cells = [rng.choice(STARTS) + "".join(rng.choices("ab1,;\"'\t\r\n=+-@|!()", k=12)) for _ in range(200)]
    read = list(csv.reader(io.StringIO(write_rows([[cell] for cell in cells]), newline="")))
    assert len(read) == 200
    assert [row[0] for row in read if row[0].lstrip(" ﻿").startswith(FORMULA_STARTS)] == []
    assert [row[0].removeprefix("'") for row in read] == cells


def test_numbers_truths_and_plain_text_stay_what_they_are() -> None:
    assert [inert(cell) for cell in (-1, 2.5, True, None, "whatsapp", "a=b", "")] == [
        -1,
        2.5,
        True,
        None,
        "whatsapp",
        "a=b",
        "",
    ]
    assert write_rows([("a", "b"), (1, "x,y")]) == 'a,b\r\n1,"x,y"\r\n'
