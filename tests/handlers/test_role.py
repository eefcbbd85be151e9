"""/role: who may do what in a group."""

from __future__ import annotations

import pytest

from bot.asking import Asked, Settings, context_of
from bot.voice import Voice
from handlers.commands import answer
from handlers.context import Role
from handlers.errors import Forbidden, UserError
from handlers.language.text import Mention
from handlers.reply import Reply
from handlers.rules.types import Types
from store import directory
from store.database import Database
from tests.conftest import HandClock

OPS, ADMIN, LIN, WEI = "oc_ops", "ou_admin", "ou_lin", "ou_wei"


class Group:
    """The group ops, with the roles that the settings and the group give."""

    def __init__(self, db: Database, clock: HandClock, **settings) -> None:
        self.db, self.clock = db, clock
        self.settings = Settings(
            voice=Voice(types=Types()),
            types=Types(),
            admins=frozenset({ADMIN}),
            **settings,
        )

    async def says(self, asker: str, line: str, *, direct: bool = False) -> Reply:
        async def run(tx):
            return await answer(line, await self._context(tx, asker, direct))

        return await self.db.write(run)

    async def roles(self, asker: str, *, direct: bool = False) -> frozenset[Role]:
        async with self.db.reading() as tx:
            return (await self._context(tx, asker, direct)).roles

    async def managed_by(self, *people: str) -> None:
        now = self.clock.now()
        await self.db.write(
            lambda tx: directory.put_managers(
                tx, OPS, name="Ops", managers=people, now=now
            )
        )

    async def _context(self, tx, asker, direct):
        return await context_of(
            tx,
            Asked(
                once="",
                text="",
                asker=asker,
                chat=OPS,
                direct=direct,
                answers="om_1",
                mentions=(Mention("@_user_1", LIN, "Lin"),),
            ),
            self.settings,
            now=self.clock.now(),
            acquaint=lambda chat: None,
        )


@pytest.fixture
def group(db: Database, clock: HandClock) -> Group:
    return Group(db, clock)


MEMBER = frozenset({Role.MEMBER})
EDITOR = MEMBER | {Role.EDITOR}


async def test_an_admin_names_the_editors_of_a_group(group: Group) -> None:
    reply = await group.says(ADMIN, "/role editors @_user_1")

    assert reply.canonical == "/role editors @ou_lin" or reply.canonical.endswith(LIN)
    assert reply.lines[0] == "Editors of this group: everyone → @Lin and admins."
    assert await group.roles(LIN) == EDITOR
    assert await group.roles(WEI) == MEMBER
    assert await group.roles(ADMIN) == frozenset(Role)


async def test_what_the_group_says_goes_before_what_the_yaml_says(db, clock) -> None:
    group = Group(db, clock, editors=frozenset({WEI}))
    assert await group.roles(WEI) == EDITOR

    await group.says(ADMIN, "/role editors everyone")

    assert await group.roles(LIN) == EDITOR


async def test_managers_of_the_group_edit_where_it_says_so(group: Group) -> None:
    await group.managed_by(WEI)
    await group.says(ADMIN, "角色 编辑 群管理员")

    assert [await group.roles(each) for each in (WEI, LIN)] == [EDITOR, MEMBER]


async def test_cost_viewers_are_named_alike(group: Group) -> None:
    await group.says(ADMIN, "/role cost viewers everyone")

    assert await group.roles(WEI) == EDITOR | {Role.COST_VIEWER}


async def test_the_default_brings_back_what_the_yaml_says(group: Group) -> None:
    await group.says(ADMIN, "/role editors admins")
    assert await group.roles(WEI) == MEMBER

    await group.says(ADMIN, "/role editors default")

    assert await group.roles(WEI) == EDITOR


async def test_a_change_of_roles_is_taken_back(group: Group) -> None:
    await group.says(ADMIN, "/role editors admins")
    await group.says(ADMIN, "/undo")

    assert await group.roles(WEI) == EDITOR


async def test_an_editor_gives_no_roles_and_takes_none_back(group: Group) -> None:
    with pytest.raises(Forbidden):
        await group.says(WEI, "/role editors everyone")
    reply = await group.says(ADMIN, "/role cost viewers everyone")
    (undo,) = reply.buttons
    with pytest.raises(Forbidden):
        await group.says(WEI, undo.line)


async def test_a_group_that_has_no_say_of_another(group: Group) -> None:
    with pytest.raises(UserError):
        await group.says(ADMIN, "/role editors everyone", direct=True)


async def test_everybody_sees_who_may_do_what(group: Group) -> None:
    assert (await group.says(WEI, "/role")).lines == (
        f"Admins: @{ADMIN}.",
        "Editors: everyone.",
        "Cost viewers: admins alone.",
        "Everybody may look, and change what they get themselves.",
        "You are: member, editor.",
    )


@pytest.mark.parametrize(
    "line", ["/role everyone", "/role editors", "/role cost viewers managers"]
)
async def test_half_a_role_is_asked_for_the_rest(group: Group, line: str) -> None:
    with pytest.raises(UserError) as caught:
        await group.says(ADMIN, line)

    assert caught.value.choices
