"""GET /healthz, /readyz and /metrics: where operators look."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import SECRETS, WITHOUT_ROBOT, Hall, note
from tests.bot.doors.test_foreign import AT, group
from tests.bot.stores import Away

OK = (200, {"status": "ok"})


async def test_the_process_is_alive_whatever_else_is_wrong(open_hall: Open) -> None:
    hall = await open_hall(seen_as=Away)
    well = await hall.ask("/healthz")
    hall.bell.db.gone = True  # type: ignore[attr-defined]
    hall.bell.health.note("routing", "fell over (KeyError): see the log")

    assert (well.said, (await hall.ask("/healthz")).said) == (OK, OK)


async def test_it_is_ready_when_all_parts_work(hall: Hall) -> None:
    hall.bell.scheduler.start()
    hall.bell.health.watch_scheduler(lambda: hall.bell.scheduler.running)

    assert (await hall.ask("/readyz")).said == OK

    await hall.bell.stop()


async def test_it_is_degraded_and_ready_while_lark_is_away(hall: Hall) -> None:
    hall.bell.health.lark_answers("could not reach Lark: ClientConnectorError")

    assert (await hall.ask("/readyz")).said == (
        200,
        {
            "status": "degraded",
            "degraded": {"lark": "could not reach Lark: ClientConnectorError"},
        },
    )

    hall.bell.health.lark_answers()
    assert (await hall.ask("/readyz")).said == OK


async def test_a_part_that_routes_or_sends_makes_it_unready(hall: Hall) -> None:
    for part in ("routing", "delivery"):
        hall.bell.health.note(part, "fell over (KeyError): see the log")

        assert (await hall.ask("/readyz")).said == (
            503,
            {
                "status": "failing",
                "failing": {part: "fell over (KeyError): see the log"},
            },
        )
        hall.bell.health.note(part)

    assert (await hall.ask("/readyz")).said == OK


async def test_another_part_makes_it_degraded(hall: Hall) -> None:
    hall.bell.health.note("presence", "fell over (KeyError): see the log")

    assert (await hall.ask("/readyz")).said == (
        200,
        {
            "status": "degraded",
            "degraded": {"presence": "fell over (KeyError): see the log"},
        },
    )


async def test_a_scheduler_that_stopped_makes_it_unready(hall: Hall) -> None:
    hall.bell.scheduler.start()
    hall.bell.health.watch_scheduler(lambda: hall.bell.scheduler.running)
    hall.bell.scheduler.stop()

    assert (await hall.ask("/readyz")).said == (
        503,
        {"status": "failing", "failing": {"scheduler": "has stopped: restart"}},
    )


async def test_a_store_that_does_not_answer_makes_it_unready(open_hall: Open) -> None:
    hall = await open_hall(seen_as=Away)
    hall.bell.db.gone = True  # type: ignore[attr-defined]

    assert (await hall.ask("/readyz")).said == (
        503,
        {
            "status": "failing",
            "failing": {"store": "the database refused: OSError"},
        },
    )


async def test_a_store_that_hangs_is_not_waited_for(open_hall: Open) -> None:
    hall = await open_hall(seen_as=Away)
    hall.bell.db.hangs = True  # type: ignore[attr-defined]
    hall.bell.health.patience = 0.02

    assert (await hall.ask("/readyz")).said == (
        503,
        {"status": "failing", "failing": {"store": "did not answer within 0.02 s"}},
    )


# Metrics


async def samples(hall: Hall) -> dict[tuple[str, ...], float]:
    """Return every sample that says something, by its name and labels."""
    answer = await hall.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (each.name, *(each.labels[name] for name in sorted(each.labels))): each.value
        for family in text_string_to_metric_families(answer.body)
        for each in family.samples
        if each.value and not each.name.endswith("_created")
    }


async def test_metrics_tell_what_was_accepted_and_where_it_is(hall: Hall) -> None:
    await hall.send([note("a", type="security.event"), note("b")])
    await hall.send(note("b", id="x"))
    await hall.send(note("b", id="x"))
    for _ in range(3):
        await hall.send(note(), token=SECRETS["HURRIED"])

    assert await samples(hall) == {
        ("larkbell_notifications_accepted_total", "scripts"): 4,
        ("larkbell_notifications_accepted_total", "hurried"): 2,
        ("larkbell_notifications_refused_total", "rate", "hurried"): 1,
        ("larkbell_notifications", "waiting"): 5,
    }


async def test_gauges_fall_when_nobody_is_there_any_more(hall: Hall) -> None:
    await hall.send(note("a", type="security.event"))
    await hall.bell.routing.run_once()
    routed = await samples(hall)
    await hall.reload(WITHOUT_ROBOT)

    assert routed == {
        ("larkbell_notifications_accepted_total", "scripts"): 1,
        ("larkbell_notifications", "routed"): 1,
        ("larkbell_deliveries", "delivered"): 1,
        ("larkbell_deliveries", "queued"): 1,
    }
    assert await samples(hall) == {
        ("larkbell_notifications_accepted_total", "scripts"): 1,
        ("larkbell_notifications", "routed"): 1,
        ("larkbell_deliveries", "delivered"): 1,
        ("larkbell_deliveries", "undeliverable"): 1,
    }


async def test_metrics_tell_why_requests_were_refused(hall: Hall) -> None:
    await hall.close_the_store()
    await hall.send(note())
    await hall.hook({"msg_type": "text", "content": {"text": "x"}})
    hall.bell.ingest.closed = "shut"
    await hall.send(note())
    await hall.hook({"msg_type": "text", "content": {"text": "x"}})
    await hall.post(f"{AT}prometheus", group("a"), token=SECRETS["PROM"])

    assert await samples(hall) == {
        ("larkbell_notifications_refused_total", "store", "scripts"): 1,
        ("larkbell_notifications_refused_total", "store", "console"): 1,
        ("larkbell_notifications_refused_total", "closed", "scripts"): 1,
        ("larkbell_notifications_refused_total", "closed", "console"): 1,
        ("larkbell_notifications_refused_total", "closed", "prometheus"): 1,
    }


async def test_metrics_need_the_store(open_hall: Open) -> None:
    hall = await open_hall(seen_as=Away)
    hall.bell.db.gone = True  # type: ignore[attr-defined]

    assert (await hall.ask("/metrics")).said == (
        503,
        {"error": "the database does not answer"},
    )
