"""POST /v1/notifications: our own format."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest

from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import (
    NATIVE,
    SAID,
    SECRETS,
    YAML,
    Hall,
    note,
    on_both_engines,
)
from tests.bot.stores import Gate

NO_CREDENTIAL = {
    "error": "no source has this credential: send its token as Authorization: Bearer, "
    "as Basic password or as ?token=, or sign the request"
}
NDJSON = {"Content-Type": "application/x-ndjson"}


def accepted(*numbers: int, duplicate: bool = False) -> dict[str, object]:
    return {"accepted": [{"id": f"n_{n}", "duplicate": duplicate} for n in numbers]}


def lines(*bodies: object) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in bodies)


@on_both_engines
async def test_one_notification_is_accepted_and_kept(hall: Hall) -> None:
    answer = await hall.send(note("CPU"))

    assert answer.said == (202, accepted(1))
    assert await hall.count("notifications") == 1


@on_both_engines
async def test_an_array_is_accepted_in_its_order(hall: Hall) -> None:
    answer = await hall.send([note("a"), note("b"), note("c")])

    assert answer.said == (202, accepted(1, 2, 3))
    titles = [row["title"] for row in (await hall.kept())["notifications"]]
    assert titles == [f"{SAID} a", f"{SAID} b", f"{SAID} c"]


async def test_lines_are_accepted_in_their_order(hall: Hall) -> None:
    answer = await hall.send(lines(note("a"), note("b")) + b"\n\n", headers=NDJSON)

    assert answer.said == (202, accepted(1, 2))


async def test_a_thousand_are_one_array_and_one_more_is_too_many(hall: Hall) -> None:
    taken = await hall.send([note()] * 1000)
    before = await hall.kept()
    refused = await hall.send([note()] * 1001)

    assert (taken.status, len(taken.body["accepted"])) == (202, 1000)
    assert refused.said == (
        422,
        {"errors": [{"path": "", "reason": "has more than 1,000 notifications"}]},
    )
    assert await hall.kept() == before


async def test_an_empty_array_asks_nothing(hall: Hall) -> None:
    before = await hall.kept()

    assert (await hall.send([])).said == (202, {"accepted": []})
    assert await hall.kept() == before


async def test_it_is_kept_before_it_is_answered(hall: Hall) -> None:
    gate = Gate(hall.bell.db)
    hall.bell.intake._db = gate

    asked = asyncio.create_task(hall.send(note()))
    await gate.reached.wait()
    assert (asked.done(), await hall.count("notifications")) == (False, 0)

    gate.open.set()
    assert (await asked).said == (202, accepted(1))
    assert await hall.count("notifications") == 1


# The same again


@on_both_engines
async def test_the_same_id_is_accepted_once(hall: Hall) -> None:
    first = await hall.send(note("deploy", id="deploy-42"))
    again = await hall.send(note("deploy", id="deploy-42"))
    once_more = await hall.send([note(id="deploy-42"), note(id="deploy-43")])

    assert first.said == (202, accepted(1))
    assert again.said == (202, accepted(1, duplicate=True))
    assert [each["duplicate"] for each in once_more.body["accepted"]] == [True, False]
    assert once_more.body["accepted"][0]["id"] == "n_1"
    assert await hall.count("notifications") == 2


async def test_an_id_twice_in_one_array_is_accepted_once(hall: Hall) -> None:
    answer = await hall.send([note(id="a"), note(id="a")])

    assert answer.body["accepted"] == [
        {"id": "n_1", "duplicate": False},
        {"id": "n_1", "duplicate": True},
    ]
    assert await hall.count("notifications") == 1


async def test_the_same_id_of_another_source_is_another(hall: Hall) -> None:
    await hall.send(note(id="a"))

    answer = await hall.send(note(id="a"), token=SECRETS["HURRIED"])

    assert [each["duplicate"] for each in answer.body["accepted"]] == [False]
    assert await hall.count("notifications") == 2


async def test_an_id_is_free_again_after_seven_days(hall: Hall) -> None:
    await hall.send(note(id="a"))
    hall.clock.advance(days=7, seconds=-1)
    still = await hall.send(note(id="a"))
    hall.clock.advance(seconds=1)
    free = await hall.send(note(id="a"))

    duplicates = [each.body["accepted"][0]["duplicate"] for each in (still, free)]
    assert duplicates == [True, False]


async def test_what_arrives_together_under_one_id_is_accepted_once(hall: Hall) -> None:
    answers = await asyncio.gather(*(hall.send(note(id="a")) for _ in range(10)))

    told = [each.body["accepted"][0] for each in answers]
    assert [each.status for each in answers] == [202] * 10
    assert sorted(each["duplicate"] for each in told) == [False] + [True] * 9
    assert {each["id"] for each in told} == {"n_1"}
    assert await hall.count("notifications") == 1


# Refusals. Each changes nothing.


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer"},
        {"Authorization": SECRETS["SCRIPTS"]},
        {"Authorization": f"Bearer {SECRETS['PROM']}"},
        {"Authorization": f"Bearer {SECRETS['CONSOLE']}"},
        {"Authorization": f"Bearer {SECRETS['SCRIPTS_SECRET']}"},
        {"Authorization": f"Bearer {SECRETS['ADMIN']}"},
        {"Authorization": "Basic not-base64"},
        {"Authorization": "Bearer \udcff"},
        {"X-Token": SECRETS["SCRIPTS"]},
    ],
)
async def test_who_is_no_native_source_is_refused(
    hall: Hall, headers: dict[str, str]
) -> None:
    before = await hall.kept()

    answer = await hall.post(NATIVE, note(), headers=headers)

    assert answer.said == (401, NO_CREDENTIAL)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await hall.kept() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"title=x",
        b'{"title":',
        b"\x00",
        b"\xff\xfe",
        b"[" * 100_000,
        f'{{"title":"{SAID}"'.encode(),
    ],
)
async def test_what_is_not_json_is_refused(hall: Hall, body: bytes) -> None:
    before = await hall.kept()

    assert (await hall.send(body)).said == (400, {"error": "the body is not JSON"})
    assert await hall.kept() == before


async def test_a_line_that_is_not_json_is_named(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.send(lines(note()) + b"\n{", headers=NDJSON)

    assert answer.said == (400, {"error": "line 2 is not JSON"})
    assert await hall.kept() == before


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"body": SAID}, [("title", "is required")]),
        ({"title": 7}, [("title", "must be a string")]),
        (
            note(sverity="info"),
            [("sverity", "is not a key we know; did you mean severity?")],
        ),
        (
            {"title": " ", "severity": "bad"},
            [
                ("title", "is blank"),
                ("severity", "must be info, warning or critical"),
            ],
        ),
        (
            [note(), {"title": "x" * 201}],
            [("[1].title", "is longer than 200 characters")],
        ),
        ([note(), 7, {}], [("[1]", "must be an object"), ("[2].title", "is required")]),
        (7, [("", "must be an object")]),
        (None, [("", "must be an object")]),
    ],
)
async def test_every_fault_is_named_and_nothing_is_kept(
    hall: Hall, body: object, errors: list[tuple[str, str]]
) -> None:
    before = await hall.kept()

    answer = await hall.send(json.dumps(body).encode())

    told = [{"path": path, "reason": reason} for path, reason in errors]
    assert answer.said == (422, {"errors": told})
    assert await hall.kept() == before


@on_both_engines
async def test_an_array_is_taken_whole_or_not_at_all(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.send([note("a"), {"body": SAID}, note("c")])

    assert answer.said == (
        422,
        {"errors": [{"path": "[1].title", "reason": "is required"}]},
    )
    assert await hall.kept() == before


async def test_lines_are_taken_all_or_none(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.send(lines(note("a"), {}, note("c")), headers=NDJSON)

    assert answer.said == (
        422,
        {"errors": [{"path": "[1].title", "reason": "is required"}]},
    )
    assert await hall.kept() == before


# How much


def padded(size: int) -> bytes:
    body = json.dumps(note()).encode()
    return body + b" " * (size - len(body))


async def in_pieces(body: bytes):
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


MB = 1024 * 1024


async def test_a_megabyte_is_taken_and_a_byte_more_is_not(hall: Hall) -> None:
    whole = await hall.send(padded(MB))
    before = await hall.kept()
    more = await hall.send(padded(MB + 1))

    assert whole.status == 202
    assert more.said == (
        413,
        {
            "error": "the body is longer than 1 MB: send more as application/x-ndjson",
        },
    )
    assert await hall.kept() == before


async def test_who_does_not_say_how_long_it_is_is_measured(hall: Hall) -> None:
    whole = await hall.send(in_pieces(padded(MB)))
    more = await hall.send(in_pieces(padded(MB + 1)))

    assert (whole.status, more.status) == (202, 413)
    assert await hall.count("notifications") == 1


async def test_ten_megabytes_of_lines_are_taken_and_a_byte_more_is_not(
    hall: Hall,
) -> None:
    whole = await hall.send(padded(10 * MB), headers=NDJSON)
    more = await hall.send(padded(10 * MB + 1), headers=NDJSON)
    unsaid = await hall.send(in_pieces(padded(10 * MB + 1)), headers=NDJSON)

    too_long = (413, {"error": "the body is longer than 10 MB"})
    assert (whole.status, more.said, unsaid.said) == (202, too_long, too_long)
    assert await hall.count("notifications") == 1


GZIP = {"Content-Encoding": "gzip"}


async def test_a_packed_body_is_unpacked(hall: Hall) -> None:
    answer = await hall.send(gzip.compress(json.dumps(note()).encode()), headers=GZIP)

    assert answer.said == (202, accepted(1))


async def test_what_is_small_only_while_packed_is_too_long(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.send(gzip.compress(padded(20 * MB)), headers=GZIP)

    assert answer.status == 413
    assert await hall.kept() == before


async def test_what_cannot_be_unpacked_is_refused(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.send(note(), headers=GZIP)

    assert answer.said == (400, {"error": "the body could not be read to its end"})
    assert await hall.kept() == before


async def test_who_hangs_up_in_the_middle_leaves_no_trace(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    before = await hall.kept()
    host, port = hall.client.server.host, hall.client.server.port
    head = f"POST {NATIVE} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(head.encode() + b'{"title":')
    writer.write_eof()

    assert await reader.read() == b""
    writer.close()
    assert await hall.kept() == before
    assert caplog.messages == []


# How often


async def test_more_than_the_rate_waits(hall: Hall) -> None:
    token = SECRETS["HURRIED"]
    for _ in range(2):
        assert (await hall.send(note(), token=token)).status == 202
    hall.clock.advance(seconds=10)
    before = await hall.kept()

    refused = await hall.send(note(), token=token)

    assert refused.said == (429, {"error": "this source sends more than its rate"})
    assert refused.headers["Retry-After"] == "20"
    assert await hall.kept() == before
    assert (await hall.send(note())).status == 202

    hall.clock.advance(seconds=20)
    assert (await hall.send(note(), token=token)).status == 202


async def test_an_array_counts_as_many_as_it_holds(hall: Hall) -> None:
    token = SECRETS["HURRIED"]
    await hall.send([note()] * 2, token=token)

    refused = await hall.send([note()] * 2, token=token)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert await hall.count("notifications") == 2


# When nothing can be taken


@on_both_engines
async def test_a_store_that_takes_nothing_is_told(hall: Hall) -> None:
    before = await hall.kept()
    await hall.close_the_store()

    answers = [await hall.send(note("x", id="x")) for _ in range(2)]

    for each in answers:
        assert each.said == (503, {"error": "not stored, please send it again"})
        assert each.headers["Retry-After"] == "5"
    assert await hall.kept() == before


async def test_what_was_refused_by_the_store_is_taken_later(hall: Hall) -> None:
    await hall.close_the_store()
    refused = await hall.send(note(id="x"))
    await hall.open_the_store()
    taken = await hall.send(note(id="x"))

    assert (refused.status, taken.status) == (503, 202)
    assert taken.body["accepted"][0]["duplicate"] is False
    assert await hall.count("notifications") == 1


async def test_a_full_queue_closes_the_door_until_it_has_room(open_hall: Open) -> None:
    hall = await open_hall(yaml=YAML.replace("queue: 100", "queue: 20"))
    await hall.send([note()] * 19)
    await hall.bell.housekeeping.measure()
    before = await hall.kept()

    refused = await hall.send(note())

    full = {"error": "the queue is full, please send it again"}
    assert refused.said == (503, full)
    assert refused.headers["Retry-After"] == "5"
    assert await hall.kept() == before

    await hall.bell.routing.run_once()
    await hall.bell.housekeeping.measure()
    assert (await hall.send(note())).status == 202
