"""The script: what Larkbell is for, in ten short acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo import bodies
from bot.demo.play import Broken, Play

#: How long the window of the demo is open, counted from the hour that it is now.
OPEN = timedelta(hours=8)

_LOST = {"dead", "expired", "undeliverable"}


@dataclass(frozen=True, slots=True)
class Act:
    """A part of the play; *why* tells the audience what to look at."""

    title: str
    why: str
    run: Callable[[Play], Awaitable[None]]


class Failed(Exception):
    """An act that did not come to its end, and the step that it broke at."""

    def __init__(self, act: str, broken: Broken) -> None:
        super().__init__(f"{act}: {broken}")
        self.act = act
        self.step = broken.step
        self.seen = broken.seen


async def perform(play: Play) -> None:
    """Play every act; raise :class:`Failed` at the first step that does not hold."""
    for number, act in enumerate(ACTS, 1):
        play.screen.act(number, act.title, act.why)
        try:
            await act.run(play)
        except Broken as broken:
            raise Failed(act.title, broken) from None


async def _alarm(play: Play) -> None:
    cast, lark = play.stage.cast, play.stage.lark
    await play.posts(
        "Alertmanager",
        "/v1/sources/prometheus",
        bodies.alarm(lark.now()),
        source="prometheus",
    )
    await play.comes(
        "oncall has it as a post, and Lark took its signature",
        chat=cast.oncall,
        sender=cast.pager,
        title=bodies.ALARM,
    )
    await play.comes(
        "ops has it as a card, with a button",
        chat=cast.ops,
        sender=cast.app,
        title=bodies.ALARM,
    )


async def _subscribe(play: Play) -> None:
    cast = play.stage.cast
    answer = await play.types(cast.wei, cast.finance, "/sub add finance.*")
    play.holds(
        "finance now gets everything below finance",
        "finance.*: off → on" in play.text(answer),
        seen=play.text(answer),
    )
    await play.posts("A script", "/v1/notifications", bodies.refund(), source="scripts")
    await play.comes(
        "the refund came to finance",
        chat=cast.finance,
        sender=cast.app,
        title=bodies.REFUND,
    )


async def _typo(play: Play) -> None:
    cast = play.stage.cast
    meant = "/sub add finance.refund"
    offer = await play.types(cast.bob, cast.ops, "/sub ad finance.refnd")
    labels = [button.label for button in play.stage.lark.buttons(offer)]
    play.holds("it offers what was perhaps meant", meant in labels, seen=labels)
    answer = await play.taps(cast.bob, offer, meant)
    # Had the typo done anything, the rule would be there already.
    play.holds(
        "nothing ran before the tap: until then it was off",
        "finance.refund: off → on" in play.text(answer),
        seen=play.text(answer),
    )
    undone = await play.taps(cast.bob, answer, "Undo")
    play.holds(
        "the change is taken back",
        f"Taken back: {meant}" in play.text(undone),
        seen=play.text(undone),
    )


async def _hold(play: Play) -> None:
    cast = play.stage.cast
    zone = ZoneInfo(play.stage.larkbell.config.defaults.timezone)
    hours = hours_around(play.stage.lark.now().astimezone(zone))
    answer = await play.types(cast.wei, cast.finance, f"/dnd add {hours}")
    play.holds(
        "the window is open",
        "It holds from now until" in play.text(answer),
        seen=play.text(answer),
    )
    ids = await play.posts(
        "A script", "/v1/notifications", bodies.quiet(), source="scripts"
    )
    await play.is_held(ids, source="scripts")
    await play.posts("A script", "/v1/notifications", bodies.loud(), source="scripts")
    await play.comes(
        "what is critical came through",
        chat=cast.finance,
        sender=cast.app,
        title=bodies.LOUD,
    )


async def _explain(play: Play) -> None:
    cast = play.stage.cast
    # M1 is the alarm and M2 the refund; M3 is the first that was held.
    answer = await play.types(cast.wei, cast.finance, "/why M3")
    play.holds(
        "it names the rule that brought it and the window that holds it",
        "finance.*, by you" in play.text(answer) and "held until" in play.text(answer),
        seen=play.text(answer),
    )


async def _release(play: Play) -> None:
    cast = play.stage.cast
    answer = await play.types(cast.wei, cast.finance, "/dnd off")
    play.holds(
        "all that was held is on its way",
        f"{len(bodies.QUIET)} held messages" in play.text(answer),
        seen=play.text(answer),
    )
    digest = await play.comes(
        "it came as one card",
        chat=cast.finance,
        sender=cast.app,
        title=f"{len(bodies.QUIET)} messages since",
    )
    missing = [title for title in bodies.QUIET if title not in play.text(digest)]
    play.holds("with every title on it", not missing, seen=play.text(digest))


async def _switch(play: Play) -> None:
    cast, lark = play.stage.cast, play.stage.lark
    card = await play.types(cast.bob, cast.ops, "/sub security.credential-age")
    await play.switches(cast.bob, card, "○ Group", "[● Group]")
    # By direct message it reaches people, and nobody is named yet: the card asks whom.
    await play.switches(cast.bob, card, "○ DM", "[Add me]")
    await play.switches(cast.bob, card, "Add me", "[● DM]")
    await play.posts(
        "A script", "/v1/notifications", bodies.old_key(), source="scripts"
    )
    alone = lark.tenant.open_direct_chat(cast.bob, cast.app, now=lark.now())
    for step, chat in (
        ("ops has it", cast.ops),
        ("and so has Bob, in a direct chat", alone),
    ):
        await play.comes(step, chat=chat, sender=cast.app, title=bodies.OLD_KEY)


async def _suppose(play: Play) -> None:
    cast = play.stage.cast
    line = '/why if finance.voucher at "sat 03:00"'
    answer = await play.types(cast.bob, cast.ops, line)
    play.holds(
        "it names the rule that is missing",
        "Nothing brings it to" in play.text(answer)
        and "/sub add finance.voucher" in play.text(answer),
        seen=play.text(answer),
    )


async def _read(play: Play) -> None:
    cast = play.stage.cast
    answer = await play.types(cast.wei, cast.finance, "/inbox")
    titles = (bodies.REFUND, *bodies.QUIET, bodies.LOUD)
    missing = [title for title in titles if title not in play.text(answer)]
    play.holds("all that came to finance is there", not missing, seen=missing)
    play.nothing_else("and no chat heard more than you saw")


async def _account(play: Play) -> None:
    ledger = await play.settles()
    states = " + ".join(
        f"{count} {state}" for state, count in ledger["deliveries"].items() if count
    )
    play.screen.remark(
        f"{ledger['accepted']} notifications accepted, "
        f"{ledger['total_deliveries']} deliveries: {states}."
    )
    play.holds(
        "it adds up, and nothing was given up",
        ledger["adds_up"] and not _LOST & ledger["deliveries"].keys(),
        seen=ledger,
    )


def hours_around(now: datetime) -> str:
    """Return hours that *now* lies in, as people write them: ``14:00-22:00``."""
    return f"{now:%H:00}-{now + OPEN:%H:00}"


ACTS = (
    Act(
        "An alarm comes in",
        "Prometheus’s Alertmanager posts to Larkbell, as to any webhook. A rule in the "
        "settings sends alarms to two groups.",
        _alarm,
    ),
    Act(
        "A member chooses what a group hears",
        "No rule sends finance messages anywhere. Wei makes one, in the chat.",
        _subscribe,
    ),
    Act(
        "A typo does no harm",
        "Bob mistypes two words. What he may have meant is offered as a button; it "
        "never runs by itself.",
        _typo,
    ),
    Act(
        "Do not disturb",
        "Wei wants quiet in finance. What comes meanwhile is held, not dropped; what "
        "is critical passes.",
        _hold,
    ),
    Act(
        "Why did I not see that?",
        "Every message tells what became of it, and which rule decided.",
        _explain,
    ),
    Act(
        "Quiet is over",
        "What was held comes as one card instead of many.",
        _release,
    ),
    Act(
        "Switches for every type",
        "/sub shows what comes to a group, by type and channel. Each tap does what a "
        "line does, and the card changes where it stands.",
        _switch,
    ),
    Act(
        "What if?",
        "/why also tells of messages that never came, and what would let them come.",
        _suppose,
    ),
    Act(
        "The inbox keeps everything",
        "Held, muted or missed: all that was meant for a group can be read in it.",
        _read,
    ),
    Act(
        "Nothing is lost",
        "The ledger accounts for every message, in every chat and every inbox.",
        _account,
    ),
)
