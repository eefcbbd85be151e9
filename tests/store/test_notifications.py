"""What was accepted: once each, under numbers that are never given out twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from store import notifications, rows
from store.notifications import Accepted
from store.opening import open_database
from store.times import from_ms, to_ms
from store.values import Channel, Field, Notification, Severity, State, Status
from tests.conftest import KEYRING, MONDAY
from tests.store.samples import (
    LIN,
    accept,
    deliver,
    draft,
    message,
    sqlite_in,
    waiting_in,
)

WEEK = timedelta(days=7)
TEN_MINUTES = timedelta(minutes=10)


async def _get(db, number):
    async with db.reading() as tx:
        return await notifications.get(tx, number)


async def _titles(db):
    async with db.reading() as tx:
        return [each.title for each in await notifications.waiting(tx, batch=100)]


async def test_numbers_count_from_one_in_the_order_of_the_batch(db):
    assert await accept(db, draft("a"), draft("b"), draft("c")) == [
        Accepted(1),
        Accepted(2),
        Accepted(3),
    ]
    assert await _titles(db) == ["a", "b", "c"]


async def test_nothing_to_accept_is_nothing_accepted(db):
    assert await accept(db) == []


async def test_all_that_was_handed_over_comes_back(db):
    handed = message(
        "磁盘 '\"; DROP TABLE 🔥",
        severity=Severity.CRITICAL,
        status=Status.FIRING,
        body="**web-1**\n\\u0000 and \\0 as text\t\u2028",
        fingerprint="web-1/cpu",
        labels={"region": "ap-singapore", "": "", "键": "值"},
        fields=(Field("value", "97 %"), Field("value", "98 %")),
        link="https://grafana.example.com/d/1?a=b&c=%20",
        occurred_at=datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC),
        cut=True,
    )
    await accept(db, notifications.Draft(handed))

    kept = await _get(db, 1)
    assert kept == replace(handed, number=1)


async def test_a_message_without_key_is_never_taken_for_another(db):
    assert await accept(db, draft("a"), draft("a")) == [Accepted(1), Accepted(2)]
    assert await accept(db, draft("a")) == [Accepted(3)]


async def test_the_same_key_within_seven_days_is_the_same_message(db):
    await accept(db, draft("first", key="deploy-42"))
    again = draft("second", key="deploy-42")

    just_before = MONDAY + WEEK - timedelta(milliseconds=1)
    assert await accept(db, again, now=just_before) == [Accepted(1, duplicate=True)]
    assert await _titles(db) == ["first"]


async def test_the_same_key_after_seven_days_is_a_new_message(db):
    await accept(db, draft("first", key="deploy-42"))

    later = MONDAY + WEEK
    assert await accept(db, draft("second", key="deploy-42"), now=later) == [
        Accepted(2)
    ]
    assert await accept(db, draft("third", key="deploy-42"), now=later) == [
        Accepted(2, duplicate=True)
    ]
    assert await _titles(db) == ["first", "second"]


async def test_a_derived_key_stands_for_ten_minutes(db):
    def alert():
        return draft(key="web-1 firing", lasts=TEN_MINUTES)

    await accept(db, alert())
    within = MONDAY + TEN_MINUTES - timedelta(milliseconds=1)
    assert await accept(db, alert(), now=within) == [Accepted(1, duplicate=True)]
    [new] = await accept(db, alert(), now=MONDAY + TEN_MINUTES)
    assert (new.number > 1, new.duplicate) == (True, False)


async def test_a_redelivery_does_not_make_the_key_last_longer(db):
    def alert():
        return draft(key="web-1 firing", lasts=TEN_MINUTES)

    await accept(db, alert())
    await accept(db, alert(), now=MONDAY + timedelta(minutes=9))
    [new] = await accept(db, alert(), now=MONDAY + timedelta(minutes=11))
    assert (new.number > 1, new.duplicate) == (True, False)


async def test_two_of_one_key_in_one_batch_are_one_message(db):
    assert await accept(
        db, draft("a", key="k"), draft("b"), draft("c", key="k"), draft("d", key="l")
    ) == [Accepted(1), Accepted(2), Accepted(1, duplicate=True), Accepted(4)]
    assert await _titles(db) == ["a", "b", "d"]


async def test_two_of_one_expired_key_in_one_batch_are_one_new_message(db):
    await accept(db, draft("old", key="k"))

    first, second = await accept(
        db, draft("a", key="k"), draft("b", key="k"), now=MONDAY + WEEK
    )
    assert (first.duplicate, second) == (False, Accepted(first.number, duplicate=True))
    assert await _titles(db) == ["old", "a"]


async def test_a_key_belongs_to_its_source(db):
    await accept(db, draft(key="k", source="scripts"))

    assert await accept(db, draft(key="k", source="grafana")) == [Accepted(2)]


async def test_an_empty_key_is_a_key(db):
    assert await accept(db, draft(key=""), draft(key="")) == [
        Accepted(1),
        Accepted(1, duplicate=True),
    ]


async def test_nul_characters_are_left_out(db):
    """PostgreSQL's text cannot hold them."""
    [accepted] = await accept(
        db,
        draft(
            "a\x00b",
            key="k\x001",
            body="\x00",
            fingerprint="f\x00",
            link="https://x/\x00",
            labels={"re\x00gion": "s\x00g"},
            fields=(Field("\x00n", "v\x00"),),
        ),
    )

    kept = await _get(db, accepted.number)
    assert kept == message(
        "ab",
        number=1,
        fingerprint="f",
        link="https://x/",
        labels={"region": "sg"},
        fields=(Field("n", "v"),),
    )
    assert await accept(db, draft(key="k\x001")) == [Accepted(1, duplicate=True)]
    assert await accept(db, draft(key="k1")) == [Accepted(1, duplicate=True)]


async def test_numbers_are_not_given_out_again_after_pruning(db):
    await accept(db, draft("a"), draft("b"))
    await db.write(lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[1, 2]))
    gone = await db.write(
        lambda tx: notifications.prune(tx, before=MONDAY + timedelta(days=1))
    )

    assert gone == 2
    assert await accept(db, draft("c")) == [Accepted(3)]


async def test_numbers_are_not_given_out_again_after_a_restart(db_url):
    first = await open_database(db_url, keyring=KEYRING)
    await accept(first, draft("a"))
    await first.write(lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[1]))
    await first.write(
        lambda tx: notifications.prune(tx, before=MONDAY + timedelta(days=1))
    )
    await first.close()

    second = await open_database(db_url, keyring=KEYRING)
    assert await accept(second, draft("b")) == [Accepted(2)]
    await second.close()


async def test_pruning_leaves_what_is_young_waits_or_is_open(db):
    async def tidy():
        return await db.write(lambda tx: notifications.prune(tx, before=MONDAY))

    day_before = MONDAY - timedelta(days=1)
    [done] = await deliver(db, "done", now=day_before)
    [open_] = await deliver(db, "open", to=LIN, over=Channel.DM, now=day_before)
    [waiting] = await accept(db, draft("waiting", accepted_at=day_before))
    [young] = await deliver(db, "young", to=LIN, over=Channel.DM)
    await _finish_all(db, "chat:oc_ops/chat", State.DELIVERED)

    assert await tidy() == 1
    numbers = (done, open_, waiting.number, young)
    assert [await _get(db, number) is None for number in numbers] == [
        True,
        False,
        False,
        False,
    ]

    await _finish_all(db, "person:ou_lin/dm", State.DEAD)
    assert await tidy() == 1
    assert await _get(db, open_) is None


async def test_pruning_takes_no_more_than_a_batch(db):
    await accept(db, *(draft() for _ in range(5)))
    await db.write(
        lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[1, 2, 3, 4, 5])
    )

    def prune(tx):
        return notifications.prune(tx, before=MONDAY + WEEK, batch=3)

    assert [await db.write(prune) for _ in range(3)] == [3, 2, 0]


async def _finish_all(db, lane, state):
    from store import outbox

    for each in await waiting_in(db, lane):
        await db.write(
            lambda tx, each=each: outbox.start_sending(
                tx, each, payload="{}", now=MONDAY
            )
        )
        await db.write(lambda tx, each=each: outbox.finish(tx, each, state, now=MONDAY))


async def test_what_is_marked_waits_no_longer(db):
    await accept(db, *(draft(title) for title in "abc"))
    await db.write(lambda tx: notifications.mark_routed(tx, routed=[1], unrouted=[3]))

    async with db.reading() as tx:
        assert [await notifications.routing_state(tx, n) for n in (1, 2, 3, 4)] == [
            "routed",
            "waiting",
            "unrouted",
            None,
        ]
        assert await notifications.count_waiting(tx) == 1
    assert await _titles(db) == ["b"]


async def _shown(db, number):
    kept = await _get(db, number)
    async with db.reading() as tx:
        return await notifications.firing_was_shown(tx, kept, lane="chat:oc_ops/chat")


async def _happens(db, status, *, shown):
    """Let an alert fire or resolve, and be sent or not; return its number."""
    [number] = await deliver(db, str(status), status=status, fingerprint="web-1")
    if shown:
        await _finish_all(db, "chat:oc_ops/chat", State.DELIVERED)
    return number


async def test_a_resolution_knows_whether_its_firing_was_shown(db):
    await _happens(db, Status.FIRING, shown=True)

    assert await _shown(db, await _happens(db, Status.RESOLVED, shown=False))


async def test_a_firing_that_nobody_saw_was_not_shown(db):
    await _happens(db, Status.FIRING, shown=False)

    assert not await _shown(db, await _happens(db, Status.RESOLVED, shown=False))


async def test_a_firing_shown_elsewhere_was_not_shown_here(db):
    await _happens(db, Status.FIRING, shown=True)
    number = await _happens(db, Status.RESOLVED, shown=False)

    kept = await _get(db, number)
    async with db.reading() as tx:
        assert not await notifications.firing_was_shown(
            tx, kept, lane="robot:ops-room/chat"
        )


async def test_what_was_shown_of_an_earlier_incident_does_not_count(db):
    await _happens(db, Status.FIRING, shown=True)
    await _happens(db, Status.RESOLVED, shown=True)
    await _happens(db, Status.FIRING, shown=False)

    assert not await _shown(db, await _happens(db, Status.RESOLVED, shown=False))


async def test_any_firing_of_one_incident_counts_and_a_second_resolution_too(db):
    await _happens(db, Status.FIRING, shown=True)
    await _happens(db, Status.FIRING, shown=False)
    first = await _happens(db, Status.RESOLVED, shown=False)
    second = await _happens(db, Status.RESOLVED, shown=False)

    assert [await _shown(db, first), await _shown(db, second)] == [True, True]


async def test_a_message_without_fingerprint_resolves_nothing(db):
    [number] = await deliver(db, "done", status=Status.RESOLVED)

    assert not await _shown(db, number)


async def test_an_incident_has_ended_when_its_last_word_is_a_resolution(db):
    async def fires(fingerprint, *statuses):
        found = []
        for status in statuses:
            found += await deliver(db, "x", status=status, fingerprint=fingerprint)
        return found

    ended = await fires("a", Status.FIRING, Status.FIRING, Status.RESOLVED)
    back = await fires("b", Status.FIRING, Status.RESOLVED, Status.FIRING)
    other = await fires("c", Status.FIRING)

    async with db.reading() as tx:
        assert await notifications.ended_among(tx, [*ended[:2], *back, *other]) == {
            ended[0],
            ended[1],
        }
        assert await notifications.ended_among(tx, []) == set()


async def test_two_replicas_that_get_the_same_batch_at_once_accept_it_once(
    postgres_url,
):
    replicas = [
        await open_database(postgres_url, keyring=KEYRING),
        await open_database(postgres_url, keyring=KEYRING),
    ]
    keys = [f"k{n}" for n in range(50)]
    answers = await asyncio.gather(
        *(
            accept(replica, *(draft(key, key=key) for key in order))
            for _ in range(5)
            for replica, order in zip(replicas, (keys, keys[::-1]), strict=True)
        )
    )

    fresh = [each.number for answer in answers for each in answer if not each.duplicate]
    assert (len(fresh), len(set(fresh))) == (50, 50)
    known = {each.number for answer in answers for each in answer}
    assert known == set(fresh)
    for replica in replicas:
        await replica.close()


async def test_two_replicas_that_reuse_an_expired_key_at_once_agree_on_the_message(
    postgres_url,
):
    one = await open_database(postgres_url, keyring=KEYRING)
    other = await open_database(postgres_url, keyring=KEYRING)
    await accept(one, draft("old", key="k"))

    answers = await asyncio.gather(
        *(
            accept(replica, draft("new", key="k"), now=MONDAY + WEEK)
            for _ in range(10)
            for replica in (one, other)
        )
    )

    [number] = {each.number for [each] in answers}
    assert [each.duplicate for [each] in answers].count(False) == 1
    assert (await _get(one, number)).title == "new"
    await one.close()
    await other.close()


class Meanwhile:
    """A transaction of this replica, in which another acts before one statement."""

    def __init__(self, tx, statement, act):
        self._tx = tx
        self._statement = statement
        self._act = act

    def __getattr__(self, name):
        return getattr(self._tx, name)

    async def run(self, query, /, **parameters):
        if query == self._statement and self._act is not None:
            act, self._act = self._act, None
            await act()
        return await self._tx.run(query, **parameters)


async def test_an_expired_key_that_another_replica_takes_first_is_a_duplicate(
    postgres_url,
):
    one = await open_database(postgres_url, keyring=KEYRING)
    other = await open_database(postgres_url, keyring=KEYRING)
    await accept(one, draft("old", key="k"))
    now, new = MONDAY + WEEK, draft("new", key="k")
    first = []

    async def take_it():
        first.extend(await accept(other, new, now=now))

    async with one.transaction() as tx:
        slow = Meanwhile(tx, "forget_key", take_it)
        answers = await notifications.add(slow, [new], now=now)

    [taken] = first
    assert answers == [Accepted(taken.number, duplicate=True)]
    assert (await _get(one, taken.number)).title == "new"
    await one.close()
    await other.close()


_WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
_MOMENTS = st.integers(-(10**12), 10**13).map(from_ms)


@given(
    st.builds(
        Notification,
        number=st.integers(1, 2**53),
        source=_WORDS,
        type=_WORDS,
        severity=st.sampled_from(Severity),
        title=_WORDS,
        accepted_at=_MOMENTS,
        status=st.none() | st.sampled_from(Status),
        body=_WORDS,
        fingerprint=st.none() | _WORDS,
        labels=st.dictionaries(_WORDS, _WORDS, max_size=3),
        fields=st.lists(st.builds(Field, _WORDS, _WORDS), max_size=3).map(tuple),
        link=st.none() | _WORDS,
        occurred_at=st.none() | _MOMENTS,
        cut=st.booleans(),
    )
)
@settings(max_examples=60)
def test_a_message_is_read_as_it_was_written(written):
    row = {
        "number": written.number,
        "source": written.source,
        "type": written.type,
        "severity": int(written.severity),
        "status": written.status and str(written.status),
        "title": written.title,
        "fingerprint": written.fingerprint,
        "accepted_at": to_ms(written.accepted_at),
        "content": rows.write_content(written),
    }
    assert rows.notification(row) == written


# What people send: few keys, so that they meet; time in minutes.
_SENT = st.lists(
    st.tuples(
        st.integers(0, 30), st.lists(st.sampled_from([None, "a", "b"]), max_size=4)
    ),
    max_size=8,
)


@given(sent=_SENT)
@settings(max_examples=25)
async def test_one_message_stands_for_a_key_at_any_time(tmp_path_factory, sent):
    """Against a model: a key names the message that used it, for ten minutes."""
    now, newest, standing = MONDAY, 0, {}
    async with sqlite_in(tmp_path_factory.mktemp("keys")) as db:
        for minutes, keys in sent:
            now += timedelta(minutes=minutes)
            drafts = [draft(key=key, lasts=TEN_MINUTES) for key in keys]
            answers = await accept(db, *drafts, now=now)
            for key, answer in zip(keys, answers, strict=True):
                stands, until = standing.get(key, (0, now))
                if key is not None and until > now:
                    assert answer == Accepted(stands, duplicate=True)
                    continue
                assert not answer.duplicate
                assert answer.number > newest
                newest = answer.number
                standing[key] = (newest, now + TEN_MINUTES)
