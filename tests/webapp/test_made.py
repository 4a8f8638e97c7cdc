"""What was made of results is kept as long as there is room for it."""

import numpy as np
import pandas as pd

from webapp.made import Made, held_bytes


def test_what_is_made_once_is_not_made_again():
    kept = Made()
    made = [kept.once("x", lambda: pd.DataFrame({"a": [1]})) for _ in range(2)]
    assert made[0] is made[1]


def test_large_tables_are_dropped_when_they_are_too_many_and_small_things_stay():
    kept = Made(room_bytes=5_000)
    made = []

    def table(name):
        return kept.once(name, lambda: made.append(name) or np.zeros(250))  # 2,000 bytes

    kept.once("small", lambda: made.append("small") or "words")
    for name in ("first", "second", "first", "third", "first", "second"):
        table(name)
    kept.once("small", lambda: made.append("small again"))
    assert made == ["small", "first", "second", "third", "second"]


def test_a_table_larger_than_all_that_is_kept_is_kept_alone():
    kept = Made(room_bytes=5_000)
    made = [kept.once("large", lambda: np.zeros(9_000)) for _ in range(2)]
    assert made[0] is made[1]


def test_the_memory_of_tables_and_arrays_is_known_also_inside_others():
    frame = pd.DataFrame({"a": np.zeros(1_000)})
    assert held_bytes(np.zeros(1_000)) == 8_000
    assert 8_000 <= held_bytes(frame) < 9_000
    assert 16_000 <= held_bytes((np.zeros(1_000), {"of": frame}, "words")) < 17_000
    assert held_bytes(["words"] * 1_000) == 0
