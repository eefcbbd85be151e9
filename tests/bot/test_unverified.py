"""Whatever the rules say, an address that nobody proved gets nothing.

People, addresses, codes, rules and messages at random; a model of what is proved that
is short and obviously right; and channels that keep what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.channels.posting import Posting
from bot.delivery import Delivery
from bot.governor import Governor, Limits
from bot.outcome import Settings
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.types import Types
from store import codes, people
from store.database import Database
from store.directory import Person, apply_people
from store.people import Means
from store.values import Channel, Destination, Kind
from tests.bot.routes import Router
from tests.bot.watching import Middling
from tests.conftest import MONDAY, HandClock
from tests.store.samples import accept, draft, sqlite_in

EMAIL, PHONE = Means
PERSONAL = (Channel.DM, Channel.EMAIL, Channel.SMS, Channel.VOICE)
WAYS = frozenset((Kind.PERSON, channel) for channel in PERSONAL)
#: Everybody that rules may name: with an account, without one, known to one chat.
NAMES = ("ou_lin", "wei", "P1")
ADDRESSES = {
    EMAIL: ("a@example.com", "b@example.com"),
    PHONE: ("+6580000001", "+6580000002"),
}


@dataclass
class Kept:
    """A channel that takes everything, and keeps where it went."""

    sent: list[tuple[Destination, Channel, str]] = field(default_factory=list)

    async def send(self, posting: Posting) -> str:
        lane = posting.lane
        self.sent.append((lane.destination, lane.channel, posting.contact))
        return "om_1"


_YAML = st.fixed_dictionaries(
    {
        "email": st.sampled_from([None, *ADDRESSES[EMAIL]]),
        "phone": st.sampled_from([None, *ADDRESSES[PHONE]]),
        "verified": st.sets(st.sampled_from(["email", "phone"])).map(tuple),
    }
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("yaml"), st.sampled_from(["lin", "wei"]), _YAML),
        st.tuples(
            st.sampled_from(["give", "prove", "guess", "forget"]),
            st.sampled_from(NAMES),
            st.sampled_from([(m, a) for m, some in ADDRESSES.items() for a in some]),
        ),
    ),
    max_size=8,
)
_RULES = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*NAMES, "team"]), min_size=1, max_size=3),
        st.none() | st.lists(st.sampled_from(PERSONAL), max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=4,
)


@dataclass
class Model:
    """What is proved, kept as simply as can be: whose address, and that it is "
    "proved."""

    yaml: dict[str, dict[str, Any]] = field(default_factory=dict)
    proved: set[tuple[str, str]] = field(default_factory=set)

    def may_reach(
        self, name: str, channel: Channel, contact: str, by: frozenset
    ) -> bool:
        """Whether something may go to *contact* of somebody over *channel*."""
        if channel not in by:
            return name == "ou_lin" == contact
        written = self.yaml.get({"ou_lin": "lin"}.get(name, name), {})
        means = "email" if channel is Channel.EMAIL else "phone"
        said = means in written.get("verified", ()) and written.get(means) == contact
        return said or (name, contact) in self.proved


async def _step(db: Database, model: Model, step: Any) -> None:
    what, name, more = step
    if what == "yaml":
        model.yaml[name] = more
        ids = {"lin": "ou_lin"}
        known = [
            Person(name=each, open_id=ids.get(each), **said)
            for each, said in model.yaml.items()
        ]
        await db.write(lambda tx: apply_people(tx, known, {"team": tuple(model.yaml)}))
        return
    means, address = more

    async def write(tx: Any) -> None:
        asked = {"now": MONDAY}
        if what == "forget":
            await people.forget_contacts(tx, name, means)
            return
        await people.add_contact(tx, name, means, address, added_by="ou_x", **asked)
        if what == "give":
            return
        said = await codes.issue(
            tx, name, means, address, own=True, asked_by=name, **asked
        )
        if what == "guess":
            said = "nonsense"
        found = await codes.enter(tx, name, said, **asked)
        if found is not None:
            await people.prove_contact(
                tx, name, found.means, found.address, own=True, by=name, **asked
            )

    await db.write(write)
    if what == "prove":
        model.proved.add((name, address))
    if what == "forget":
        kept = set(ADDRESSES[means])
        model.proved -= {(name, each) for each in kept}


def _delivery(db: Database, clock: HandClock, kept: Kept, by: frozenset) -> Delivery:
    voice = Voice(types=Types())

    async def pause(seconds: float) -> None:
        clock.advance(seconds=seconds)

    return Delivery(
        db,
        clock=clock,
        settings=Settings(
            voice=voice,
            governor=Governor(Limits()),
            telling=Telling(voice=voice, admins=()),
            by_contact=by,
        ),
        channels=dict.fromkeys(WAYS, kept),
        instance="i1",
        worker="w1",
        rng=Middling(),
        idle=lambda due: None,
        pause=pause,
    )


@given(
    before=_STEPS,
    between=_STEPS,
    rules=_RULES,
    by_number=st.booleans(),
)
@settings(max_examples=30)
async def test_an_address_that_nobody_proved_gets_nothing(
    tmp_path_factory, before, between, rules, by_number
):
    by = frozenset(Channel) - {Channel.DM} if by_number else frozenset({Channel.EMAIL})
    model, kept, clock = Model(), Kept(), HandClock()
    async with sqlite_in(tmp_path_factory.mktemp("people")) as db:
        router = Router(db, clock)
        router.routing.settings = router.settings(ways=WAYS, by_contact=by)
        for names, via in rules:
            to = [
                Destination(Kind.GROUP if each == "team" else Kind.PERSON, each)
                for each in names
            ]
            await router.rule(*to, via=via)
        for step in before:
            await _step(db, model, step)
        await accept(db, draft("first", type="product.alarm"))
        await router.routing.run_once()
        # What was proved when it was routed may not be any more when it is sent.
        for step in between:
            await _step(db, model, step)
        await _delivery(db, clock, kept, by).run_once()

    wrong = [
        (str(whom), str(channel), contact)
        for whom, channel, contact in kept.sent
        if not model.may_reach(whom.name, channel, contact, by)
    ]
    assert wrong == []
    event("something was sent" if kept.sent else "nothing was sent")
