from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from bot.logs import JsonLines, Readable, Unread


def record(message: str = "sent %s", *values: object, **extra: object):
    made = logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, message, values, None)
    made.created = 1_767_574_800.25
    vars(made).update(extra)
    return made


def test_a_line_is_one_json_object() -> None:
    line = JsonLines().format(record("sent %s", "two\nlines", lane="chat:oc_1/chat"))

    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2026-01-05T01:00:00.250000+00:00",
        "level": "warning",
        "logger": "bot.x",
        "message": "sent two\nlines",
        "lane": "chat:oc_1/chat",
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**70, 2**70),
        ("lone \udcff", "lone \udcff"),
        ({1: "one"}, {"1": "one"}),
        (ValueError("x"), "x"),
        ("余额 ✓", "余额 ✓"),
    ],
)
def test_whatever_is_in_it_the_line_is_not_lost(value: object, shown: object) -> None:
    assert json.loads(JsonLines().format(record(value=value)))["value"] == shown


def failed(error: Exception):
    try:
        raise error
    except type(error):
        return record(exc_info=sys.exc_info())


def test_an_exception_is_in_the_line_that_tells_of_it() -> None:
    line = json.loads(JsonLines().format(failed(KeyError("x"))))

    assert line["exception"].splitlines()[-1] == "KeyError: 'x'"


def test_people_read_another_line() -> None:
    line = Readable().format(record("sent", lane="chat:oc_1/chat"))

    time, rest = line[:8], line[8:]
    assert time.count(":") == 2
    assert rest == " warning sent lane=chat:oc_1/chat"


def test_people_read_exceptions_too() -> None:
    assert Readable().format(failed(KeyError("x"))).endswith("\nKeyError: 'x'")


@pytest.mark.parametrize("error", [BadHttpMessage("x"), web.RequestPayloadError("x")])
def test_what_could_not_be_read_of_a_request_is_not_quoted(error: Exception) -> None:
    told = failed(error)

    assert Unread().filter(told) is True
    assert (told.levelname, told.exc_info) == ("WARNING", None)
    assert told.msg == f"sent %s: {type(error).__name__}"


def test_what_went_wrong_in_our_own_code_is_quoted() -> None:
    told = failed(KeyError("x"))

    assert Unread().filter(told) is True
    assert told.exc_info is not None


def test_everything_is_told_on_stderr_warnings_too() -> None:
    # In a process of its own: it changes the logging of the whole process.
    program = (
        "import logging, warnings\n"
        "from bot import logs\n"
        "logs.set_up()\n"
        "logging.getLogger('x').info('hello', extra={'n': 1})\n"
        "logging.getLogger('apscheduler').info('never')\n"
        "logging.getLogger('x').debug('never')\n"
        "warnings.warn('careful')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert run.stdout == ""
    assert [(each["level"], each["logger"]) for each in lines] == [
        ("info", "x"),
        ("warning", "py.warnings"),
    ]
    assert (lines[0]["message"], lines[0]["n"]) == ("hello", 1)
