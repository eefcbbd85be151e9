"""``larkbell demo``: it plays, it can fail, and what it offers to try works."""

from __future__ import annotations

import io
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from bot import config
from bot.cli.demo import show
from bot.config import Checked
from bot.demo import bodies
from bot.demo.acts import ACTS, hours_around
from bot.demo.hints import hints
from bot.demo.live import remarks
from bot.demo.pictures import card, mentioned
from bot.demo.play import Broken, Chats, Play
from bot.demo.screen import Screen
from bot.demo.stage import Stage, listen, stage
from handlers.rules.hours import parse_hours
from sandbox import Fault, Kind, Message

DEMO = (sys.executable, "-m", "bot", "demo")
#: Long enough for what comes; short, since the broken plays wait this long.
PATIENCE = 3.0


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    async with stage(listen(0)) as made:
        yield made


def a_screen() -> tuple[Screen, io.StringIO]:
    printed = io.StringIO()
    return Screen(Console(file=printed, width=80)), printed


def test_once_plays_every_act_and_exits_well() -> None:
    done = subprocess.run(
        [*DEMO, "--once", "--port", "0"], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, "")
    titles = re.findall(r"^\d+  (.+?) ─+$", done.stdout, re.MULTILINE)
    assert titles == [act.title for act in ACTS]
    assert "  finance · Wei: @Larkbell /sub add finance.*\n" in done.stdout
    assert "  oncall · pager (custom bot, signed)\n" in done.stdout
    assert "  7 notifications accepted, 18 deliveries: " in done.stdout
    assert done.stdout.endswith("\nEvery step held.\n")
    assert "✗" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_it_stays_until_ctrl_c_and_leaves_nothing() -> None:
    with subprocess.Popen(
        [*DEMO, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("curl -s ") and "/metrics" in line:
                break
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("\nStopped. Its folder and everything in it are gone.\n")
    folder = re.search(r"settings +(/.*)/config\.yaml", printed)
    assert folder is not None
    assert not Path(folder[1]).exists()


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [*DEMO, "--once", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"larkbell: cannot listen on 127.0.0.1:{port}: Address already in use. Name "
        "another port with --port; --port 0 takes any that is free.\n"
    )


def other_secret(on: Stage) -> None:
    on.cast.pager.secret = "another"


def refusals(on: Stage) -> None:
    on.lark.faults.add(Fault(kind=Kind.CODE, target="send", code=230002))


def deaf(on: Stage) -> None:
    on.cast.app.event_url = None


def a_stray(on: Stage) -> None:
    now = on.lark.now()
    on.lark.tenant.post(
        Message(
            chat=on.cast.finance,
            sender=on.cast.app,
            msg_type="text",
            versions=[{"text": "Nobody asked me."}],
            created_at=now,
            updated_at=now,
        )
    )


@pytest.mark.parametrize(
    ("breaks", "act", "step"),
    [
        (
            other_secret,
            "An alarm comes in",
            "oncall has it as a post, and Lark took its signature",
        ),
        (refusals, "An alarm comes in", "ops has it as a card, with a button"),
        (
            deaf,
            "A member chooses what a group hears",
            "Larkbell answers Wei’s /sub add finance.*",
        ),
        (
            a_stray,
            "The inbox keeps everything",
            "and no chat heard more than you saw",
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_a_step_that_does_not_hold_is_named(
    on: Stage, breaks: Callable[[Stage], None], act: str, step: str
) -> None:
    breaks(on)
    screen, printed = a_screen()

    code = await show(on, screen, once=True, patience=PATIENCE)

    assert code == 1
    assert re.findall("✗ (.+)", printed.getvalue()) == [step]
    assert re.findall("“(.+)” did not hold: ", printed.getvalue()) == [act]
    assert "Every step held" not in printed.getvalue()


async def test_what_was_shown_does_not_count_as_held(on: Stage) -> None:
    screen, _ = a_screen()
    play = Play(on, screen, Chats(on, screen), patience=0.3)
    ids = await play.posts(
        "Prometheus",
        "/v1/sources/prometheus",
        bodies.alarm(on.lark.now()),
        source="prometheus",
    )

    with pytest.raises(Broken) as caught:
        await play.is_held(ids, source="prometheus")

    assert str(caught.value) == "M1 are held: after 0.3 s it is ['delivered']"


async def test_a_tap_that_changes_no_card_is_named(on: Stage) -> None:
    screen, _ = a_screen()
    play = Play(on, screen, Chats(on, screen), patience=PATIENCE)
    card = await play.types(on.cast.bob, on.cast.ops, "/sub security")

    for label in ("Nowhere", "○ Security event"):
        with pytest.raises(Broken) as caught:
            await play.switches(on.cast.bob, card, label, "[● Nowhere]")
        assert caught.value.step == "the card now shows [● Nowhere]"


@pytest.mark.parametrize("hour", range(24))
def test_the_window_is_open_at_any_hour(hour: int) -> None:
    now = datetime(2026, 1, 5, hour, 59, 59, tzinfo=UTC)

    start, end = parse_hours(hours_around(now))

    assert (start, end) == (60 * hour, 60 * ((hour + 8) % 24))


async def test_every_command_that_it_offers_works(on: Stage) -> None:
    screen, _ = a_screen()
    assert await show(on, screen, once=True) == 0

    answers = {}
    for words, command in hints(on):
        arguments = shlex.split(command.replace("\\\n", "").partition(" | ")[0])
        answers[words] = await curl(on, arguments)

    assert set(answers.values()) == {200, 202}
    assert all(len(f"# {words}") <= 80 for words in answers)


async def curl(on: Stage, arguments: list[str]) -> int:
    """Do what curl would do, and return the status."""
    url = next(each for each in arguments if each.startswith("http"))
    options = dict(pairwise(arguments))
    headers = dict([options["-H"].split(": ", 1)]) if "-H" in options else {}
    body = options.get("-d")
    method = "GET" if body is None else "POST"
    async with on.session.request(method, url, data=body, headers=headers) as response:
        return response.status


async def test_its_settings_have_no_mistakes(on: Stage) -> None:
    assert config.check(on.config, {}) == Checked((), ())


def test_what_no_chat_shows_is_remarked() -> None:
    calm = {"unrouted": 1, "held": 0, "dead": 0}

    assert remarks(calm, calm) == []
    assert remarks(calm, calm | {"unrouted": 2}) == [
        "Nobody subscribed to that: it is kept, and counted as unrouted."
    ]
    assert remarks(calm, calm | {"held": 2}) == [
        "Held: 2 in all. /dnd off or /unmute lets it out."
    ]
    assert remarks(calm | {"held": 2}, calm) == []
    assert remarks(calm, calm | {"dead": 1}) == [
        "Given up: 1 in all. /why tells the reason."
    ]


def test_a_card_is_drawn_with_its_buttons_in_a_row() -> None:
    def button(label: str) -> dict[str, object]:
        return {"tag": "button", "text": {"tag": "plain_text", "content": label}}

    columns = [{"tag": "column", "elements": [button(label)]} for label in ("A", "B")]
    elements = [
        {"tag": "markdown", "content": "**Hi**"},
        {"tag": "column_set", "columns": columns},
        button("C"),
    ]
    printed = io.StringIO()

    Console(file=printed, width=40).print(
        card({"header": {"title": {"content": "T"}}, "body": {"elements": elements}})
    )

    assert printed.getvalue().splitlines() == [
        "╭───────────────╮",
        "│ T             │",
        "│ **Hi**        │",
        "│ [A]  [B]  [C] │",
        "╰───────────────╯",
    ]


def test_a_folded_panel_shows_its_title_alone() -> None:
    def panel(title: str, *, expanded: bool) -> dict[str, object]:
        return {
            "tag": "collapsible_panel",
            "expanded": expanded,
            "header": {"title": {"tag": "plain_text", "content": title}},
            "elements": [{"tag": "markdown", "content": f"in {title}"}],
        }

    elements = [panel("One", expanded=False), panel("Two", expanded=True)]
    printed = io.StringIO()

    Console(file=printed, width=40).print(card({"body": {"elements": elements}}))

    lines = [line.strip("│ ") for line in printed.getvalue().splitlines()[1:-1]]
    assert lines == ["▸ One", "▾ Two", "in Two"]


def test_mentions_are_shown_as_people_see_them() -> None:
    assert mentioned('<at user_id="cli_1">Larkbell</at> hi') == "@Larkbell hi"
    assert mentioned("<at id=all></at>") == "@all"
