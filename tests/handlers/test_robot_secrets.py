"""/robot: no answer, and nothing that is kept, says a webhook or a secret."""

from __future__ import annotations

import pytest

from handlers.errors import UserError
from store import audit
from store.values import Destination, Kind
from tests.handlers.robots import (
    ADD,
    HOOK,
    OTHER,
    SECRET,
    WEBHOOK,
    said,
)
from tests.handlers.talk import OPS

OPS_HOOK = Destination(Kind.ROBOT, "ops-hook")


LINES = [
    ADD,
    f"{ADD} colour blue",
    f"/robto add ops-hook {WEBHOOK} secret {SECRET}",
    f"/robot ad ops-hook {WEBHOOK} secret {SECRET}",
    f"/robot {WEBHOOK} {SECRET}",
    f"/robot add {WEBHOOK} ops-hook {SECRET}",
    f"/robot add ops-hook {WEBHOOK} {SECRET} {SECRET}x",
    f"/robot add ops-hook {WEBHOOK} secret {SECRET} secret other-{SECRET}",
    f"/robot set nobody secret {SECRET}",
    f"/robot set ops-hook secrt {SECRET} webhook {WEBHOOK}",
    f"/robot add ops-hook “{WEBHOOK} secret {SECRET}",
    f"/robot add ops-hook {WEBHOOK}\n/robot add b {WEBHOOK}",
    f"/sub add {WEBHOOK}",
    f"{WEBHOOK} secret {SECRET}",
    f"/robot test ops-hook {WEBHOOK} " + "x" * 500,
    f"/robot add ops-hook {WEBHOOK.replace('https', 'ｈttps')} secret {SECRET}",
]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("where", ["the group", "alone"])
async def test_no_answer_says_what_is_secret(host, line, where):
    talk = host if where == "the group" else host.alone()
    try:
        told = said(await talk.say(line))
    except UserError as exc:
        told = f"{exc.args[0]!r} {exc.args[0].facts} {exc.choices}"

    for secret in (WEBHOOK, WEBHOOK.removeprefix(HOOK), SECRET):
        assert secret not in told
    assert "delete" in told


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("line", LINES)
async def test_in_a_group_a_new_webhook_is_asked_for(host, line):
    refusal = await host.refused(line)

    assert str(refusal).endswith(
        "Others here have seen what you wrote: please delete that message, and make a "
        "new webhook in Lark."
    )
    assert not any("add" in each and "hook" in each for each in refusal.choices)


async def test_the_audit_log_has_no_secret(bound, admin):
    await admin.say(f"/robot set ops-hook secret another-{SECRET}")
    await bound.confirmed("/robot remove ops-hook")
    async with bound.db.reading() as tx:
        rows = [await audit.get(tx, number) for number in range(1, 6)]
        found = await tx.all("audit_latest", place=OPS, since=0, limit=9)
        written = [str(dict(each)) for each in found]

    assert len([each for each in rows if each]) == 4
    for secret in (WEBHOOK.removeprefix(HOOK), SECRET, "hook/"):
        assert secret not in f"{rows} {written}"


async def test_a_test_posts_no_webhook_into_the_group(bound):
    refusal = await bound.refused(f"/robot test ops-hook {OTHER}")

    assert str(refusal).startswith("A test goes to the whole group")
    assert OTHER not in str(refusal)
    await bound.say("/robot test ops-hook The secret is out")


async def test_help_tells_where_lark_shows_what_is_needed(host):
    told = await host.said("/help robot")

    assert told[1].startswith("In Lark: the group's settings > Bots > Add Bot")
