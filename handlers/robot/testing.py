"""/robot test: post something at once, and say in words how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from handlers.context import Context
from handlers.errors import UserError
from handlers.language.durations import say_duration
from handlers.language.secrecy import holds_webhook
from handlers.names import plain_or_quoted
from handlers.reply import Button, Reply, Task, Tone
from handlers.robot.finding import check_right, one
from handlers.robot.requests import Test, write
from store import lanes, ledger, posts, robots
from store.lanes import Waking
from store.robots import Robot
from store.values import Channel, Json
from store.wording import Text, _, _n, read, sentences

KIND = "robot.test"

#: Lark takes a signature for an hour; a clock that is off by more is why it does not.
SIGNED_FOR = timedelta(hours=1)
#: A difference that is worth a word: networks take a second or two.
NOTABLE = timedelta(seconds=30)


async def test(request: Test, context: Context) -> Reply:
    """Ask for a post at once; what came of it is another message."""
    robot = await one(request.name, context)
    check_right(robot, context)
    if holds_webhook(request.text):
        raise UserError(_("A test goes to the whole group: leave webhooks out of it."))
    task = Task(KIND, {"robot": robot.id, "text": request.text})
    return Reply(
        lines=(
            _("Posting by robot {robot}. I will say how it went.", robot=robot.name),
        ),
        canonical=write(request),
        tasks=(task,),
    )


async def answer(task: Task, outcome: Json, context: Context) -> Reply:
    """Say how the test went; where it went well, what was parked goes on."""
    robot = await robots.get(context.tx, int(task.details["robot"]))
    if robot is None:
        raise UserError(_("The robot was removed meanwhile, so nothing was tested."))
    if outcome.get("taken"):
        return await _worked(robot, context)
    words = _why(robot, outcome)
    if robot.draft_until is None:
        await posts.failed(context.tx, robot.destination, words=words, now=context.now)
    return Reply(
        title=_("Robot {robot}: the test failed", robot=robot.name),
        lines=(words, *_clock(outcome)),
        canonical=write(Test(name=robot.name)),
        buttons=(
            Button(_("Test again"), f"/robot test {plain_or_quoted(robot.name)}"),
        ),
        tone=Tone.REFUSED,
    )


async def _worked(robot: Robot, context: Context) -> Reply:
    lines: list[str] = [_("Lark took the message: the group shows it.")]
    if robot.draft_until is None:
        destination = robot.destination
        await posts.worked(context.tx, destination, now=context.now)
        if await lanes.unpark_destination(context.tx, destination):
            waking = Waking(destination, Channel.CHAT, context.now)
            await lanes.touch(context.tx, [waking])
            lines.append(_("What waited for it goes out now."))
    if robot.paused:
        waiting = await ledger.waiting_for(context.tx, robot.destination)
        lines.append(
            _n(
                "It is paused still, and {count} message waits.",
                "It is paused still, and {count} messages wait.",
                waiting,
            )
        )
    return Reply(
        title=_("Robot {robot} works", robot=robot.name),
        lines=tuple(lines),
        canonical=write(Test(name=robot.name)),
        tone=Tone.DONE,
    )


def _why(robot: Robot, outcome: Json) -> str:
    """Return what went wrong, and what to do about it."""
    if failed := outcome.get("failed"):
        return read(str(failed))
    explain = _CODES.get(outcome.get("code") or 0)
    if explain is not None:
        return explain(robot, outcome)
    trouble = str(outcome.get("trouble") or "")
    if trouble in _TROUBLES:
        return _TROUBLES[trouble]
    said = read(str(outcome.get("words") or ""))
    return _("Lark did not take it: {words}.", words=said)


def _signature(robot: Robot, outcome: Json) -> str:
    off = _off(outcome)
    if off is not None and abs(off) >= SIGNED_FOR:
        return _(
            "Lark did not take the signature, because the clock of this machine is "
            "{long} {side} Lark's. Set the clock right.",
            long=say_duration(abs(off)),
            side=_ahead(off),
        )
    if not outcome.get("signed"):
        return sentences(
            _("This robot wants signed messages, and I have no secret for it."),
            _give_secret(robot),
        )
    return sentences(
        _("Lark did not take the signature: the secret is not the robot's."),
        _give_secret(robot),
    )


def _give_secret(robot: Robot) -> Text:
    name = plain_or_quoted(robot.name)
    if robot.from_yaml:
        return _("Its secret stands in the YAML, under robots.")
    if robot.draft_until is not None:
        line = "/robot add"
        return _("Copy it again from Lark, and give it with: {line}", line=line)
    return _(
        "Copy it again from the group's bot settings. An admin gives it with {line} in "
        "a direct chat; others add the robot anew there and bind it here.",
        line=f"/robot set {name} secret",
    )


def _keyword(robot: Robot, outcome: Json) -> str:
    name = plain_or_quoted(robot.name)
    if robot.keyword:
        return _(
            "The robot's keyword in Lark is not “{word}”. Set the one that Lark has: "
            "{line}",
            word=robot.keyword,
            line=f"/robot set {name} keyword=…",
        )
    return _(
        "The robot takes only messages with its keyword. Tell me which it is: {line}",
        line=f"/robot set {name} keyword=…",
    )


def _address(robot: Robot, outcome: Json) -> str:
    return _(
        "The robot takes messages from listed addresses alone, and the one of this "
        "machine is not among them. Add it in the robot's settings in Lark, or turn "
        "its IP allowlist off."
    )


def _gone(robot: Robot, outcome: Json) -> str:
    return _(
        "There is no such robot in Lark any more: it was removed from its group, or "
        "the webhook was copied wrong. Make a new custom bot, and add it here."
    )


def _limited(robot: Robot, outcome: Json) -> str:
    return _(
        "Lark limits how often the robot may post, and it had too much just now. Try "
        "again in a minute."
    )


def _odd(robot: Robot, outcome: Json) -> str:
    return _(
        "Lark could not read the message. Please tell an admin: code {code}.",
        code=str(outcome.get("code")),
    )


_CODES: Mapping[int, Callable[[Robot, Json], str]] = {
    19001: _gone,
    19021: _signature,
    19022: _address,
    19024: _keyword,
    11232: _limited,
    11233: _limited,
    19002: _odd,
    9499: _odd,
    99991201: _gone,
}
_TROUBLES: Mapping[str, Text] = {
    "limited": _(
        "Lark limits how often the robot may post, and it had too much just now. Try "
        "again in a minute."
    ),
    "name": _(
        "The host of the webhook was not found. This machine may have no way to the "
        "internet, or no name server."
    ),
    "connection": _(
        "The host of the webhook did not let me connect. A firewall may stand between."
    ),
    "tls": _(
        "The connection to the host of the webhook is not trusted: its certificate "
        "does not fit. A proxy may read along; nothing was sent."
    ),
    "silence": _(
        "The host of the webhook did not answer in time. The message may be in the "
        "group all the same: please look."
    ),
    "redirect": _(
        "The host of the webhook sent me elsewhere, and I do not follow. Please check "
        "the webhook."
    ),
    "gone": _("Its webhook is forgotten. Please add the robot anew."),
    "sealed": _("Its webhook cannot be opened: a key is missing under secrets.keys."),
}


def _clock(outcome: Json) -> tuple[str, ...]:
    """Say how far our clock is from Lark's, where that may matter."""
    off = _off(outcome)
    if off is None or abs(off) < NOTABLE or abs(off) >= SIGNED_FOR:
        return ()
    return (
        _(
            "By the way, the clock of this machine is {long} {side} Lark's.",
            long=say_duration(abs(off)),
            side=_ahead(off),
        ),
    )


def _off(outcome: Json) -> timedelta | None:
    seconds = outcome.get("ahead")
    return None if seconds is None else timedelta(seconds=float(seconds))


def _ahead(off: timedelta) -> Text:
    return _("ahead of") if off > timedelta() else _("behind")
