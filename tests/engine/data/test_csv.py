"""CSV files: what is detected, what is read, and what is said of cells that cannot be."""

import contextlib
import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import Cancelled, DataProblem, prepare, preview
from engine.data.cells import category, number
from engine.data.csv_file import read_table
from graph.datasets import Column
from graph.recipe import DataRecipe


@pytest.fixture
def table(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def problem(path: Path, columns: tuple[Column, ...] = ()) -> DataProblem:
    with pytest.raises(DataProblem) as caught:
        read_table(path, columns)
    return caught.value


ROWS = "age,town,married,income\n31,Bern,yes,52.5\n45,Rome,no,61\n28,Bern,no,38.25\n52,Oslo,yes,70\n"


def test_roles_and_kinds_are_detected(table):
    seen = preview(table(ROWS))
    assert seen.columns == (
        Column("age"),
        Column("town", kind="category"),
        Column("married", kind="category"),
        Column("income", "target"),
    )
    assert seen.scan.rows == 4
    assert seen.scan.preview[0] == ("31", "Bern", "yes", "52.5")
    assert [column.distinct for column in seen.scan.columns] == [4, 3, 2, 4]
    assert "The column 'income' is the target, a number." in seen.notes


def test_categories_become_one_column_each(table):
    samples = read_table(table(ROWS))
    assert samples.feature_names == [
        "age",
        "town = Bern",
        "town = Oslo",
        "town = Rome",
        "married = no",
        "married = yes",
    ]
    np.testing.assert_array_equal(
        samples.inputs["x"],
        [[31, 1, 0, 0, 0, 1], [45, 0, 0, 1, 1, 0], [28, 1, 0, 0, 1, 0], [52, 0, 1, 0, 0, 1]],
    )
    np.testing.assert_array_equal(samples.targets["income"], [[52.5], [61], [38.25], [70]])
    assert samples.facts.inputs == {"x": (None, 6)}


@pytest.mark.parametrize(
    ("header", "target"),
    [("a,b,label", "label"), ("Target,b,c", "Target"), ("a,y,c", "y"), ("a,b,c", "c"), ("a,b,id", "b")],
)
def test_the_target_is_found(table, header, target):
    rows = "".join(f"{i % 7}.5,{i % 5}.25,{i % 3}.5\n" for i in range(30))
    (column,) = [c for c in preview(table(f"{header}\n{rows}")).columns if c.role == "target"]
    assert column.name == target


def test_a_column_with_gaps_is_no_target_unless_its_name_says_so(table):
    rows = "".join(f"{i % 7}.5,{i % 5}.25,{'' if i == 9 else i % 3}\n" for i in range(30))
    (column,) = [c for c in preview(table("a,b,c\n" + rows)).columns if c.role == "target"]
    assert column.name == "b"
    assert str(problem(table("a,b,label\n" + rows))).startswith("row 11, column 'label': the cell is empty.")


def test_columns_that_say_nothing_are_left_out(table):
    rows = "".join(f"{i},P{i},{i * i % 11}.5,same,,{'ab'[i % 2]}\n" for i in range(30))
    seen = preview(table("row_id,person,size,constant,empty,kind\n" + rows))
    assert [c.role for c in seen.columns] == ["ignore", "ignore", "feature", "ignore", "ignore", "target"]
    assert "The column 'person' is left out, because it only names the rows." in seen.notes
    assert "The column 'constant' is left out, because it never changes." in seen.notes
    assert "The column 'empty' is left out, because it is empty." in seen.notes


def test_a_target_of_few_whole_numbers_in_a_row_is_classes(table):
    path = table("a,quality\n" + "".join(f"{i / 7},{(10, 9, 8)[i % 3]}\n" for i in range(30)))
    samples = read_table(path)
    assert samples.facts.targets["quality"].classes == ("8", "9", "10")
    assert samples.targets["quality"][:3].tolist() == [2, 1, 0]
    said = "The column 'quality' is the target, with 3 classes: its numbers from 8 to 10 name them."
    assert preview(path).notes[0] == said


@pytest.mark.parametrize(
    ("name", "values"),
    [("rooms", (1, 2, 3)), ("Number of rings", (4, 5, 6)), ("age_in_years", (0, 1, 2)), ("level", (10, 20, 50)),
     ("shift", (-1, 0, 1)), ("year", (2019, 2020, 2021))],
)  # fmt: skip
def test_few_whole_numbers_that_are_amounts_are_numbers(table, name, values):
    path = table(f"a,{name}\n" + "".join(f"{i / 7},{values[i % 3]}\n" for i in range(30)))
    assert read_table(path).facts.targets[name].kind == "values"
    said = f"The column {name!r} is the target, a number: its 3 values are taken for amounts, not for classes."
    assert preview(path).notes[0] == said


def test_two_numbers_are_two_classes(table):
    path = table("a,age\n" + "".join(f"{i / 7},{(10, 90)[i % 2]}\n" for i in range(30)))
    assert read_table(path).facts.targets["age"].classes == ("10", "90")
    said = "The column 'age' is the target, with 2 classes: its numbers 10 and 90 name them."
    assert preview(path).notes[0] == said


def test_a_target_of_many_whole_numbers_is_a_number(table):
    samples = read_table(table("a,price\n" + "".join(f"{i / 7},{i * 13 % 101}\n" for i in range(60))))
    assert samples.facts.targets["price"].kind == "values"


def test_the_recipe_overrides_the_roles(table):
    columns = (Column("age", "target"), Column("married", kind="category"))
    samples = read_table(table(ROWS), columns)
    assert samples.feature_names == ["married = no", "married = yes"]
    np.testing.assert_array_equal(samples.targets["age"][:, 0], [31, 45, 28, 52])


def test_several_targets_go_by_their_names(table):
    columns = (Column("age"), Column("married", "target", "category"), Column("income", "target"))
    samples = read_table(table(ROWS), columns)
    assert list(samples.targets) == ["married", "income"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings(table, delimiter, encoding):
    text = "größe,y\n1.5,süß\n2.5,herb\n3.5,süß\n".replace(",", delimiter)
    samples = read_table(table(text.encode(encoding)))
    assert samples.feature_names == ["größe"]
    assert samples.facts.targets["y"].classes == ("herb", "süß")


def test_decimal_commas(table):
    samples = read_table(table("a;b;y\n1,5;2;u\n-2,25;3;v\n3;1e2;u\n"))
    np.testing.assert_array_equal(samples.inputs["x"], [[1.5, 2], [-2.25, 3], [3, 100]])
    assert any("decimal comma" in note for note in samples.notes)


def test_a_table_without_header_gets_names(table):
    samples = read_table(table("5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n"))
    assert samples.feature_names == ["column_1", "column_2"]
    assert len(samples) == 3


def test_blank_lines_and_quotes(table):
    samples = read_table(table('a,"text, long",y\n\n1,"x, y",u\n2,"line\nbreak",v\n\n3,"x, y",u\n'))
    assert samples.feature_names == ["a", "text, long = line\nbreak", "text, long = x, y"]


def test_missing_cells_are_filled_where_detected(table):
    samples = read_table(table("a,b,y\n1,u,p\n,v,q\nNA,,p\n4,u,q\n"))
    np.testing.assert_array_equal(samples.inputs["x"][:, 0], [1, np.nan, np.nan, 4])
    assert samples.feature_names == ["a", "b = u", "b = v", "b = (empty)"]
    assert "2 empty cells in 'a': filled with the mean of its column." in samples.notes
    assert "1 empty cell in 'b': filled with a category of its own." in samples.notes


def text_of(rows: int, at: int, bad: str) -> str:
    return "age,town,y\n" + "".join(f"{bad if i == at else i * 3 % 17},t{i % 3},{'pq'[i % 2]}\n" for i in range(rows))


def test_a_text_in_a_number_column_is_pointed_at(table):
    said = problem(table(text_of(30, 15, "abc")))
    assert str(said) == (
        "row 17, column 'age': expected a number, received 'abc'. "
        "Correct the cell, or make the column a category or ignore it."
    )
    assert (said.row, said.column) == (17, "age")


def test_it_is_pointed_at_far_down_too(table):
    assert problem(table(text_of(20_000, 19_000, "1_000"))).row == 19_002


@pytest.mark.parametrize("bad", ["inf", "1e999", "0x10", "1_0", "12 kg"])
def test_what_is_no_number(table, bad):
    assert "expected a number" in str(problem(table(text_of(30, 3, bad))))


def test_a_missing_target_is_pointed_at(table):
    assert str(problem(table("a,y\n1,p\n2,\n3,q\n"))) == (
        "row 3, column 'y': the cell is empty. Fill in the target, or take the row out."
    )


def test_missing_cells_are_refused_where_asked(table):
    columns = (Column("a"), Column("b", kind="category"), Column("y", "target", "category"))
    said = problem(table("a,b,y\n1,u,p\n,u,q\n"), columns)
    assert str(said).startswith("row 3, column 'a': expected a number, but the cell is empty. Fill in the cell, or")
    said = problem(table("a,b,y\n1,?,p\n2,u,q\n"), columns)
    assert str(said).startswith("row 2, column 'b': the cell is empty.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "table.csv is empty. It needs a header and one row for each sample."),
        ("\n\n", "table.csv is empty."),
        ("a,b,y\n", "table.csv has a header, but no rows. Add one row for each sample."),
        ("a,b,y\n1,2,u\n1,2\n", "row 3 has 2 cells, but the header has 3. Add or remove cells"),
        ("a,b,y\n1,2,u\n1,2,3,4\n", "row 3 has 4 cells, but the header has 3."),
        ("a,a,y\n1,2,u\n", "Two columns are named 'a'. Give every column a name of its own."),
        ("only\n1\n2\n", "The table has one column only."),
        ("a,y\n1,u\n1,v\n", "No column is left to learn from"),
        ("a,y\n1,u\n2,u\n", "The target 'y' has one class only: 'u'."),
        (b"\x89PNG\0\0\0", "table.csv is not a text file."),
        ('a,y\n1,"u\n2,v\n' + "3,w\n" * 40_000, "cannot be read as cells"),
    ],
)
def test_tables_that_are_none(table, text, said):
    assert said in str(problem(table(text)))


def test_too_many_categories(table):
    text = "a,b,y\n" + "".join(f"{i % 9}.5,w{i % 1100},{'pq'[i % 2]}\n" for i in range(2200))
    path = table(text)
    assert "The column 'b' is left out, because it holds more than 1,000 different texts." in preview(path).notes
    said = problem(path, (Column("a"), Column("b", kind="category"), Column("y", "target", "category")))
    assert (
        str(said) == "column 'b' has more than 1,000 different texts. Ignore this column, or give it fewer categories."
    )


def test_an_unknown_column_asks_what_was_meant(table):
    said = problem(table(ROWS), (Column("Age "), Column("incom", "target")))
    assert "has no column named 'Age '. Did you mean 'age'?" in str(said)


def test_roles_must_make_sense(table):
    assert "No column is a target." in str(problem(table(ROWS), (Column("age"),)))
    assert "No column is a feature." in str(problem(table(ROWS), (Column("age", "target"),)))


def test_progress_is_told_and_can_stop_the_work(table):
    path = table(text_of(40_000, -1, ""))
    told: list[float] = []
    read_table(path, progress=told.append)
    assert len(told) > 4
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(part: float) -> None:
        if part > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_table(path, progress=stop)


def test_a_table_that_does_not_fit_into_memory(table, monkeypatch):
    monkeypatch.setattr("engine.data.table.MEMORY_LIMIT", 2**20)
    path = table("a,b,y\n" + "".join(f"{i % 9}.5,w{i % 990},{'pq'[i % 2]}\n" for i in range(2000)))
    said = problem(path)
    assert "2,000 rows of 991 numbers need 0.0 GB" in str(said)
    assert "first of all those with many categories" in said.hint


def test_the_digest_follows_the_bytes(table):
    first = read_table(table(ROWS)).digest
    assert read_table(table(ROWS)).digest == first
    assert read_table(table(ROWS.replace("61", "62"))).digest != first


words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs", "Cc")), min_size=1)
values = st.floats(allow_nan=False, allow_infinity=False, width=64)


@given(
    st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False, width=32), words), min_size=2, max_size=30),
    st.sampled_from(",;\t|"),
)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "written.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(["number", "word", "y"])
        writer.writerows((value, "w" + word, place % 2 + 0.5) for place, (value, word) in enumerate(rows))
    columns = (Column("number"), Column("word", kind="category"), Column("y", "target"))
    samples = read_table(path, columns)
    assert samples.inputs["x"][:, 0].tolist() == [value for value, _ in rows]
    named = [samples.feature_names[1 + int(row.argmax())] for row in samples.inputs["x"][:, 1:]]
    assert named == [f"word = {category('w' + word)}" for _, word in rows]
    assert samples.inputs["x"][:, 1:].sum() == len(rows)


@given(values)
def test_every_way_to_write_a_number(value):
    for text in (repr(value), f"{value:.17e}", f"  {value!r} "):
        assert number(text) == value
    assert number(repr(value).replace(".", ","), ",") == value


@given(st.text())
def test_a_number_is_what_float_reads_or_less(text):
    read = number(text)
    if read is not None and not math.isnan(read):
        assert float(text) == read


def test_categories_are_trimmed_and_whole_numbers_are_one():
    assert [category(cell) for cell in (" a ", "1.0", "1", "-3.00", "1.5", "NA", "")] == [
        "a",
        "1",
        "1",
        "-3",
        "1.5",
        "",
        "",
    ]


def test_a_stream_is_closed_after_a_problem(table, recwarn):
    for _ in range(3):
        problem(table("a,b,y\n1,2,u\n1,2\n"))
    assert not [w for w in recwarn if w.category is ResourceWarning]


scraps = st.lists(
    st.sampled_from(["a", "b", "y", "1", "2.5", "-3", "NA", "", ",", ",", ";", "\n", "\n", '"', " ", "é", "\t", "1,5"])
)


@given(st.one_of(st.binary(max_size=200), scraps.map(lambda parts: "".join(parts).encode())))
def test_any_file_is_read_or_refused_with_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_bytes(content)
    with contextlib.suppress(DataProblem):
        samples = read_table(path)
        assert len(samples) == len(samples.inputs["x"]) > 0
        prepare(samples, DataRecipe())


@pytest.mark.parametrize("date", ["2024-{m:02}-{d:02}", "{d}.{m}.2024", "{m}/{d}/24", "2024-{m:02}-{d:02}T08:30:00Z"])
def test_dates_are_left_out(table, date):
    rows = [f"{date.format(m=i % 12 + 1, d=i % 28 + 1)},{i % 7}.5,{'pq'[i % 2]}" for i in range(60)]
    columns = preview(table("\n".join(["day,a,kind", *rows]))).columns
    assert [column.role for column in columns] == ["ignore", "feature", "target"]


def test_a_last_column_of_dates_or_rare_texts_is_no_target(table):
    rows = [f"{'pq'[i % 2]},{i % 7}.5,2024-01-{i % 28 + 1:02},remark {i % 40}" for i in range(60)]
    seen = preview(table("\n".join(["kind,a,day,remark", *rows])))
    assert [column.role for column in seen.columns] == ["feature", "target", "ignore", "ignore"]
    assert "The column 'remark' is left out, because few rows share a text: there are 40 in 60 rows." in map(
        str, seen.notes
    )


def test_characters_of_four_bytes(tmp_path):
    rows = "".join(f"{i % 7}.5,{'äß'[i % 2]}\n" for i in range(30))
    (tmp_path / "t.csv").write_bytes(f"a,kind\n{rows}".encode("utf-32"))
    assert preview(tmp_path / "t.csv").table.names == ("a", "kind")
