from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.environment import read_env
from bot.config.interpolation import Interpolated, escape, interpolate

FILES = {"key": b"from a file\n", "dos": b"from Windows\r\n", "gb": "密".encode("gbk")}


def read(path: str) -> str:
    try:
        return FILES[path].decode()
    except KeyError:
        raise FileNotFoundError(2, "No such file or directory") from None


def put_in(text: str, environ: Mapping[str, str] | None = None) -> Interpolated:
    return interpolate(text, environ or {}, read)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${NAME}", "value"),
        ("a ${NAME} b${NAME}", "a value bvalue"),
        ("${NAME:-other}", "value"),
        ("${file:key}", "from a file"),
        ("${file: dos}", "from Windows"),
    ],
)
def test_a_reference_is_replaced_from_outside(text: str, result: str) -> None:
    assert put_in(text, {"NAME": "value"}) == Interpolated(result, outside=True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${NAME:-other}", "other"),
        ("${NAME:-}", ""),
        ("${NAME:-http://[::1]:-80}", "http://[::1]:-80"),
        ("${EMPTY:-other}", "other"),
        ("$${NAME}", "${NAME}"),
        ("$$${NAME}", "$${NAME}"),
        ("$NAME {NAME} $", "$NAME {NAME} $"),
    ],
)
def test_a_default_or_an_escape_is_not_from_outside(text: str, result: str) -> None:
    assert put_in(text, {"EMPTY": ""}) == Interpolated(result)


def test_what_was_put_in_is_not_read_again() -> None:
    environ = {"PASSWORD": "p${OTHER}$${", "OTHER": "leak"}

    assert put_in("${PASSWORD}", environ).text == "p${OTHER}$${"


SHAPE = (
    "this is not ${NAME}, ${NAME:-default} or ${file:PATH}: "
    "correct it, or write $${ for the text ${"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "${NOBODY}",
            (
                "the variable NOBODY is not set: "
                "set it in the environment, or in .env beside this file"
            ),
        ),
        (
            "${EMPTY}",
            (
                "the variable EMPTY is empty: "
                "set it in the environment, or in .env beside this file"
            ),
        ),
        ("${file:none}", "the file none cannot be read: No such file or directory"),
        ("${file:gb}", "the file gb cannot be read: it is not UTF-8 text"),
        ("${two words}", SHAPE),
        ("${NAME:default}", SHAPE),
        ("${}", SHAPE),
        ("${A:-${B}}", SHAPE),
        ("${NAME", "${ is never closed: add a }, or write $${ for the text ${"),
    ],
)
def test_what_cannot_be_replaced_says_what_to_do(text: str, reason: str) -> None:
    assert put_in(text, {"EMPTY": ""}).reasons == (reason,)


def test_every_missing_variable_is_named_at_once() -> None:
    reasons = put_in("${ONE}-${TWO}").reasons

    assert [reason.split()[2] for reason in reasons] == ["ONE", "TWO"]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("${}:-aA \n") | st.characters()))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert put_in(escape(text)) == Interpolated(text)


@settings(deadline=None)
@given(st.text(), st.text(), st.text(min_size=1))
def test_a_value_stands_where_its_reference_stood(
    before: str, after: str, value: str
) -> None:
    text = f"{escape(before)}|${{NAME}}{escape(after)}"

    assert put_in(text, {"NAME": value}).text == f"{before}|{value}{after}"


@settings(deadline=None)
@given(st.text(alphabet="${}:-Afile/"))
def test_no_text_is_too_strange(text: str) -> None:
    found = put_in(text)

    assert found.reasons or found.text == put_in(escape(found.text)).text


def test_an_env_file_is_read_line_by_line() -> None:
    text = (
        "# secrets\n\nexport KEY=a=b\n QUOTED = 'two words' \n"
        'DOUBLE="x"\nEMPTY=\nTWICE=1\nTWICE=2\nRAW=${KEY}\n'
    )

    assert read_env(text) == (
        {
            "KEY": "a=b",
            "QUOTED": "two words",
            "DOUBLE": "x",
            "EMPTY": "",
            "TWICE": "2",
            "RAW": "${KEY}",
        },
        (),
    )


def test_lines_of_an_env_file_that_say_nothing_are_named() -> None:
    assert read_env("GOOD=1\nno equals sign\n9LIVES=cat\n") == ({"GOOD": "1"}, (2, 3))
