from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config.tree import Tree, read_tree, written

ENVIRON = {"NAME": "value"}


def read(text: str) -> tuple[Tree, list[str]]:
    tree, mistakes = read_tree(
        text, file="c.yaml", environ=ENVIRON, read=lambda path: path
    )
    return tree, [str(mistake) for mistake in mistakes]


def values(text: str) -> Any:
    tree, mistakes = read(text)
    assert mistakes == []
    return tree.root


def test_plain_values_are_text_except_null() -> None:
    text = "a: NO\nb: on\nc: 0012\nd: 1.50\ne: 2026-01-02\nf: true\ng: ~\nh:\ni: null\n"

    assert values(text) == {
        "a": "NO",
        "b": "on",
        "c": "0012",
        "d": "1.50",
        "e": "2026-01-02",
        "f": "true",
        "g": None,
        "h": None,
        "i": None,
    }


def test_quotes_make_text_of_null() -> None:
    assert values("a: 'null'\nb: \"~\"\nc: ''") == {"a": "null", "b": "~", "c": ""}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null"])
def test_an_empty_file_holds_no_settings(text: str) -> None:
    assert values(text) == {}


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text", "[]"])
def test_settings_are_wanted_at_the_top(text: str) -> None:
    tree, mistakes = read(text)

    assert mistakes == ["c.yaml:1: the file should hold settings, such as server: {…}"]
    assert tree.broken == {()}


def test_every_value_remembers_its_line() -> None:
    tree, _ = read("a:\n  b: 1\n  c:\n    - x\n    - y: 1\n      z: 2\nd: |\n  long\n")

    assert tree.lines == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 1): 5,
        ("a", "c", 1, "y"): 5,
        ("a", "c", 1, "z"): 6,
        ("d",): 7,
    }
    assert tree.line(("a", "c", 1, "missing", "deeper")) == 5


def test_windows_newlines_and_chinese_count_lines_alike() -> None:
    tree, _ = read("\ufeffa: 中文\r\nb:\r\n  c: ，\r\n")

    assert tree.root == {"a": "中文", "b": {"c": "，"}}
    assert tree.lines[("b", "c")] == 3


def test_references_are_replaced_and_remembered() -> None:
    tree, mistakes = read('a: ${NAME}\nb: plain\nc: ["x${NAME}", "${OTHER:-y}"]\n')

    assert mistakes == []
    assert tree.root == {"a": "value", "b": "plain", "c": ["xvalue", "y"]}
    assert tree.outside == {("a",), ("c", 0)}


def test_a_reference_to_nothing_is_as_good_as_left_out() -> None:
    text = 'a: ${OTHER:-}\nb: ["${OTHER:-}",\n "${NAME}"]\nc: ""\n'

    tree, _ = read(text)

    assert tree.root == {"b": ["value"], "c": ""}
    assert tree.lines[("b", 0)] == 3


def test_a_value_that_could_not_be_replaced_is_told_once() -> None:
    tree, mistakes = read("a:\n  b: ${NOBODY}\n")

    assert mistakes == [
        (
            "c.yaml:2: a.b: the variable NOBODY is not set: "
            "set it in the environment, or in .env beside this file"
        )
    ]
    assert tree.broken == {("a", "b")}


def test_anchors_and_merge_keys_work() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\nd: *a\n"

    assert values(text) == {
        "a": {"x": "1", "y": "2"},
        "b": {"y": "3", "z": "4"},
        "c": {"x": "0", "y": "2", "z": "4"},
        "d": {"x": "1", "y": "2"},
    }


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "a: 1\nb: 2\na: 3",
            "c.yaml:3: a: is set twice: keep this or the one on line 1",
        ),
        (
            "r:\n  - n: 1\n    n: 2",
            "c.yaml:3: r[0].n: is set twice: keep this or the one on line 2",
        ),
        (
            "a: !!python/object:os.system x",
            (
                "c.yaml:1: a: the tag tag:yaml.org,2002:python/object:os.system "
                "is not known: omit it"
            ),
        ),
        (
            "a: &a\n  b: [*a]",
            "c.yaml:1: a.b[0]: an alias cannot stand inside its own value",
        ),
        (
            "a: &a\n  <<: *a",
            "c.yaml:2: a: << takes settings from an &anchor elsewhere",
        ),
        ("a:\n  <<: 3", "c.yaml:2: a: << takes settings from an &anchor elsewhere"),
        ("a:\n  [x]: 1", "c.yaml:2: a: the name of a setting should be one word"),
    ],
)
def test_what_yaml_allows_and_we_do_not_is_named(text: str, mistake: str) -> None:
    assert read(text)[1] == [mistake]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1,\nc: 2\n", 3),
        ("a: b: c", 1),
        ("a: 1\n\tb: 2\n", 2),
        ("a: *nobody", 1),
        ('a: "never closed\n\n', 2),
        ("a: 1\n---\nb: 2", 2),
        ("a: 1\nb: \x07\n", 2),
        ("a: 1\nb: x\u2028y\n", 2),
        ("a: `x", 1),
        ("a:\n" + "[" * 100_000, 2),
    ],
)
def test_what_is_no_yaml_is_one_mistake_with_its_line(text: str, line: int) -> None:
    tree, [mistake] = read(text)

    assert mistake.startswith(f"c.yaml:{line}: this is not YAML: ")
    assert tree.root == {}
    assert tree.broken == {()}


def test_a_reference_in_brackets_is_told_to_need_quotes() -> None:
    _, [mistake] = read("secrets:\n  keys: [${KEY}]")

    assert mistake.endswith(
        '; inside [ ] and { } write references in quotes: "${NAME}"'
    )


def lines_of(text: str) -> int:
    return len(re.split(r"\r\n|\r|\n", text.removesuffix("\n")))


YAMLISH = st.text(
    alphabet=st.sampled_from("ab:- \n\r\t[]{},&*!|>'\"#%@`$<\x85\u2028中")
)


@settings(deadline=None)
@given(YAMLISH)
@example("a: 'x\n\n\n")
@example("\u2028\u2028[")
def test_a_mistake_always_names_a_line_that_exists(text: str) -> None:
    tree, _ = read(text)
    _, mistakes = read_tree(text, file="c", environ={}, read=lambda path: path)

    lines = [mistake.line for mistake in mistakes] + list(tree.lines.values())

    assert min(lines) >= 1
    assert max(lines) <= lines_of(text)


NESTED = st.recursive(
    st.text(alphabet="ab中 ", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet="abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(alphabet="xyz", min_size=1), NESTED, max_size=4))
def test_what_was_written_is_what_is_read(root: dict[str, Any]) -> None:
    import yaml

    assert values(yaml.safe_dump(root, default_style='"', allow_unicode=True)) == root


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ((), ""),
        (("robots", 0, "webhook"), "robots[0].webhook"),
        (("groups", "财务", 2), "groups.财务[2]"),
    ],
)
def test_paths_are_written_as_people_read_them(
    path: tuple[str | int, ...], shown: str
) -> None:
    assert written(path) == shown
