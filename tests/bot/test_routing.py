"""Routing: from what is written to one delivery for each place and channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.routing import BATCH, Routing
from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.types import Types, define
from store import lanes, subscriptions
from store.opening import open_database
from store.values import Channel, Destination, Kind, Severity
from tests.bot.routes import Router
from tests.conftest import KEYRING, MONDAY, HandClock
from tests.known_robots import drop
from tests.store.samples import LIN, OPS, WEB, accept, draft

FINANCE = Destination(Kind.GROUP, "finance")


@pytest.fixture
def router(db, clock):
    return Router(db, clock)


async def test_a_message_that_a_rule_names_is_queued_for_its_group(router):
    rule = await router.rule(OPS, types="product.alarm")
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "chat:oc_ops/inbox": "delivered",
        "chat:oc_ops/chat": "queued",
    }
    assert await router.rules_of(number) == {
        "chat:oc_ops/inbox": f"subscription:{rule}",
        "chat:oc_ops/chat": f"subscription:{rule}",
    }
    assert (await router.state(number), router.rung) == ("routed", 1)


async def test_the_lane_of_what_is_queued_is_due_at_once(router):
    await router.rule(OPS)
    await router.rule(WEB, where="severity=critical")
    await router.route("so so")
    await router.route("bad", severity=Severity.CRITICAL)

    claimed = await router.db.write(
        lambda tx: lanes.claim(tx, worker="w", now=MONDAY, batch=10)
    )
    assert [each.id for each in claimed] == ["chat:oc_ops/chat", "chat:oc_web/chat"]


async def test_what_nobody_wants_is_kept_as_unrouted(router):
    await router.rule(OPS, types="finance.*")
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {}
    assert await router.state(number) == "unrouted"


async def test_what_was_routed_is_not_routed_again(router):
    await router.rule(OPS)
    [number] = await router.route("CPU")
    await router.rule(WEB)

    assert await router.routing.run_once() == 0
    assert "chat:oc_web/chat" not in await router.outcome(number)


async def test_one_place_gets_one_delivery_a_channel_however_many_rules_match(router):
    first = await router.rule(OPS, types="product.alarm")
    await router.rule(OPS, types="product.*")
    await router.rule(OPS, WEB, types="*")
    third = await router.rule(OPS, OPS, WEB, types="*", via=(Channel.CHAT,))
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "chat:oc_ops/inbox": "delivered",
        "chat:oc_ops/chat": "queued",
        "chat:oc_web/inbox": "delivered",
        "chat:oc_web/chat": "queued",
    }
    rules = await router.rules_of(number)
    assert rules["chat:oc_ops/chat"] == f"subscription:{first}"
    assert rules["chat:oc_web/chat"] == f"subscription:{third - 1}"


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        ("severity>=warning", ["warning", "critical"]),
        ("severity=critical or region=sg", ["warning", "critical"]),
        ("-region=sg", ["info", "critical"]),
        ('"CPU"', ["info", "warning", "critical"]),
        ("region=na*", []),
    ],
)
async def test_a_filter_decides_what_passes(router, where, matches):
    await router.rule(OPS, where=where)
    numbers = {
        severity.word: (
            await router.route(
                "CPU above 90 %",
                severity=severity,
                labels={"region": "sg"} if severity is Severity.WARNING else {},
            )
        )[0]
        for severity in Severity
    }

    assert [
        word for word, number in numbers.items() if await router.outcome(number)
    ] == matches


async def test_a_filter_that_nobody_can_read_any_more_swallows_nothing(router):
    await router.rule(OPS, where="severity>=(((")
    [number] = await router.route("CPU")

    assert await router.state(number) == "routed"


async def test_a_rule_that_is_turned_off_sends_nothing(router):
    await router.rule(OPS, enabled=False)
    [number] = await router.route("CPU")

    assert await router.state(number) == "unrouted"


async def test_without_channels_a_person_gets_a_direct_message(router):
    await router.rule(LIN)
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "person:ou_lin/inbox": "delivered",
        "person:ou_lin/dm": "queued",
    }


async def test_each_channel_goes_to_those_that_it_applies_to(router):
    robot = await router.robot("ops-room")
    await router.rule(OPS, robot, LIN, via=(Channel.CHAT, Channel.EMAIL))
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "chat:oc_ops/inbox": "delivered",
        "chat:oc_ops/chat": "queued",
        "robot:ops-room/inbox": "delivered",
        "robot:ops-room/chat": "queued",
        "person:ou_lin/inbox": "delivered",
        "person:ou_lin/email": "undeliverable: email is not set up here",
    }


async def test_the_inbox_alone_is_enough(router):
    await router.rule(OPS, via=(Channel.INBOX,))
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {"chat:oc_ops/inbox": "delivered"}


async def test_a_group_of_people_is_everybody_in_it_once(router):
    await router.people(
        {"lin": "ou_lin", "wei": None, "mo": "ou_mo"},
        {"finance": ("lin", "wei", "ghost", "lin")},
    )
    await router.rule(FINANCE, LIN)
    [number] = await router.route("CPU")

    no_account = "undeliverable: contact not verified: no Lark account is known"
    assert await router.outcome(number) == {
        "person:ou_lin/inbox": "delivered",
        "person:ou_lin/dm": "queued",
        "person:wei/inbox": "delivered",
        "person:wei/dm": no_account,
        "person:ghost/inbox": "delivered",
        "person:ghost/dm": no_account,
    }


async def test_a_group_of_people_is_who_is_in_it_when_the_message_is_routed(router):
    await router.people({"lin": "ou_lin"}, {"finance": ("lin",)})
    await router.rule(FINANCE)
    await router.people({"mo": "ou_mo"}, {"finance": ("mo",)})
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "person:ou_mo/inbox": "delivered",
        "person:ou_mo/dm": "queued",
    }


@pytest.mark.parametrize("groups", [{}, {"finance": ()}])
async def test_a_group_of_people_that_is_gone_or_empty_is_said_so(router, groups):
    await router.people({}, groups)
    await router.rule(FINANCE)
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "group:finance/inbox": "undeliverable: nobody is in this group of people",
        "group:finance/dm": "undeliverable: nobody is in this group of people",
    }
    assert await router.state(number) == "routed"


async def test_a_robot_that_was_removed_is_said_so(router):
    robot = await router.robot("ops-room")
    await router.rule(robot, OPS)
    await router.db.write(lambda tx: drop(tx, "ops-room"))
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "robot:ops-room/inbox": "undeliverable: this robot was removed",
        "robot:ops-room/chat": "undeliverable: this robot was removed",
        "chat:oc_ops/inbox": "delivered",
        "chat:oc_ops/chat": "queued",
    }


async def test_a_group_that_was_disbanded_is_said_so_and_one_that_we_left_waits(router):
    await router.chat("oc_ops", "disbanded")
    await router.chat("oc_web", "gone")
    await router.rule(OPS, WEB)
    [number] = await router.route("CPU")

    assert await router.outcome(number) == {
        "chat:oc_ops/inbox": "undeliverable: this group was disbanded",
        "chat:oc_ops/chat": "undeliverable: this group was disbanded",
        "chat:oc_web/inbox": "delivered",
        "chat:oc_web/chat": "queued",
    }


async def test_without_the_app_only_robots_are_reached(router):
    robot = await router.robot("ops-room")
    ways = frozenset({(Kind.ROBOT, Channel.CHAT)})
    router.routing.settings = router.settings(ways=ways)
    await router.rule(robot, OPS, LIN)
    [number] = await router.route("CPU")

    outcome = await router.outcome(number)
    assert [outcome[f"{each}"] for each in (f"{OPS}/chat", f"{LIN}/dm")] == [
        "undeliverable: chat is not set up here",
        "undeliverable: dm is not set up here",
    ]
    assert outcome["robot:ops-room/chat"] == "queued"


async def test_more_than_a_batch_is_routed_to_its_end(router):
    await router.rule(OPS)
    numbers = await router.route(*(f"{n}" for n in range(BATCH + 5)))

    assert router.rung == 2
    assert [await router.state(numbers[0]), await router.state(numbers[-1])] == [
        "routed",
        "routed",
    ]
    assert await router.routing.run_once() == 0


class Dying(Telling):
    """Where the process dies, after the deliveries were written."""

    async def tell(self, *_: object, **__: object) -> None:
        raise SystemError("killed")


async def test_a_crash_in_between_leaves_all_or_nothing(router):
    await router.rule(OPS)
    router.routing.settings = router.settings(telling=Dying(voice=Voice(types=Types())))
    await accept(router.db, draft("odd", type="odd.type"))
    with pytest.raises(SystemError):
        await router.routing.run_once()

    assert (await router.state(1), await router.outcome(1)) == ("waiting", {})

    router.routing.settings = router.settings()
    assert await router.routing.run_once() == 1
    assert len(await router.outcome(1)) == 2


async def test_what_was_accepted_before_a_restart_is_routed_after_it(db_url):
    first = await open_database(db_url, keyring=KEYRING)
    await Router(first, HandClock()).rule(OPS)
    await accept(first, draft("CPU"))
    await first.close()

    second = await open_database(db_url, keyring=KEYRING)
    router = Router(second, HandClock())
    assert await router.routing.run_once() == 1
    assert await router.state(1) == "routed"
    await second.close()


async def test_admins_are_told_once_of_a_type_that_nobody_defined(router):
    await router.rule(OPS)
    await router.route("a", type="billing.odd")
    await router.route("b", type="billing.odd")
    [number] = await router.route("c", type="billing.odd", source="grafana")

    assert await router.notices() == [
        (
            "A message type that nobody defined: billing.odd",
            (
                "It comes from scripts. It is accepted, and goes to whoever subscribed "
                "to it.\nGive it a title under message_types, or correct the source."
            ),
        )
    ]
    assert await router.state(number) == "routed"


async def test_many_odd_types_at_once_are_one_notice(router):
    added = [draft("x", type=f"odd.t{n}", source=f"s{n % 2}") for n in range(9)]
    await accept(router.db, *added)
    await router.routing.run_once()

    [(title, text)] = await router.notices()
    assert title == (
        "Message types that nobody defined: odd.t0, odd.t1, odd.t2, odd.t3, odd.t4 "
        "and 4 more"
    )
    assert text.startswith("It comes from s0, s1. ")


async def test_types_that_are_defined_or_custom_are_no_news(router):
    types = Types([define("billing.odd", title_en="Odd")])
    router.routing.settings = router.settings(types=types)
    await router.route("a", type="billing.odd")
    await router.route("b", type="custom.scripts")
    await router.route("c", type="finance.refund")

    assert await router.notices() == []


async def test_the_worker_routes_when_it_is_woken(router):
    await router.rule(OPS)
    routed = asyncio.Event()
    worker = Routing(
        router.db,
        clock=router.clock,
        settings=router.settings(),
        routed=routed.set,
    )
    task = asyncio.create_task(worker.run())
    for number in (1, 2):
        await accept(router.db, draft("CPU"))
        worker.wake()
        await asyncio.wait_for(routed.wait(), 5)
        routed.clear()
        assert await router.state(number) == "routed"
    task.cancel()


async def test_replicas_that_route_at_once_share_the_work(postgres_url):
    replicas = [await open_database(postgres_url, keyring=KEYRING) for _ in range(2)]
    routers = [Router(db, HandClock()) for db in replicas]
    await routers[0].rule(OPS)
    await accept(replicas[0], *(draft("x") for _ in range(BATCH * 3)))

    routed = await asyncio.gather(*(each.routing.run_once() for each in routers))

    assert sum(routed) == BATCH * 3
    for number in (1, BATCH, BATCH * 3):
        assert len(await routers[0].outcome(number)) == 2
    for db in replicas:
        await db.close()


async def test_a_rule_that_is_removed_while_messages_wait_sends_nothing(router):
    rule = await router.rule(OPS)
    await accept(router.db, draft("CPU"))
    await router.db.write(lambda tx: subscriptions.remove(tx, rule))

    await router.routing.run_once()
    assert await router.state(1) == "unrouted"


class Trap(Types):
    """Types, of which one cannot be looked up: a mistake of ours."""

    def get(self, type_id):
        if type_id == "product.service":
            raise ZeroDivisionError(type_id)
        return super().get(type_id)


async def test_one_that_cannot_be_routed_keeps_no_other_waiting(router):
    await router.rule(OPS, types="product.*")
    router.routing.settings = replace(router.routing.settings, types=Trap())
    await accept(
        router.db,
        draft("one"),
        draft("poison", type="product.service"),
        draft("two"),
    )
    await router.routing.run_once()

    assert [await router.state(number) for number in (1, 2, 3)] == [
        "routed",
        "unrouted",
        "routed",
    ]
    assert await router.routing.run_once() == 0


async def test_where_none_can_be_routed_nothing_is_given_up(router):
    await router.rule(OPS, types="product.*")
    router.routing.settings = replace(router.routing.settings, types=Trap())
    await accept(router.db, draft("poison", type="product.service"))
    with pytest.raises(ZeroDivisionError):
        await router.routing.run_once()
    assert await router.state(1) == "waiting"

    await accept(router.db, draft("one"))
    await router.routing.run_once()
    assert [await router.state(number) for number in (1, 2)] == ["unrouted", "routed"]
