"""Every answer and every refusal can be said in another language, to the last word.

A table of what is typed: a noun more is a line more. Add what your noun answers and
refuses; each group of lines is one talk, line by line, in a database of its own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.context import Role
from handlers.errors import UserError
from handlers.reply import Reply
from handlers.rules.methods import ALL
from store import robot_baseline, subscriptions, windows
from store.database import Tx
from store.robots import Hook, Robot
from store.values import Destination, Kind, Subscription, Window
from store.wording import Text, _, commas, listed
from tests.conftest import MONDAY
from tests.handlers.crowd import Crowd
from tests.handlers.robots import OTHER, SECRET, WEBHOOK, Host
from tests.handlers.talk import ADMIN, DEV, LIN, OPS, Talk
from tests.wording.said import left_in_english, texts_of

CHAT = Destination(Kind.CHAT, OPS)

#: What Wei, an editor, types in the group ops. A prefix says who else types, or where:
#: ``lin`` is a member, ``admin`` an admin (both in the group), ``boss`` an admin and
#: ``alone`` is Wei in a direct chat, ``dev`` is Wei in the group dev; ``all`` and
#: ``lone`` are Wei in the group and alone, where every channel is set up; ``team``,
#: ``solo`` and ``head`` (an admin alone) know the robots that there are. ``wait 90``
#: lets 90 minutes pass.
TALKS = {
    "sub add": """
        /sub
        /sub list refund
        /sub add refund
        /sub add refund
        /sub add refund via inbox
        /sub add refund, voucher severity>=warning to chat, robot:ops-room, me
        /sub add refund, balance-warning
        /sub add finance.*
        /sub add announcement
        /sub add alarm product=cvm,cos "disk full"
        /sub
        /sub list finance to me
        /sub list page 3
        /sub add
        /sub add refund via chat to me
        /sub add refund via sms
        /sub add refund via sms to me
        /sub add refund via dm to me
        /sub add announcement via voice to me
        lin /sub add refund
        lin /sub add refund to me
        alone /sub add refund to alice
        alone /sub add refund via chat
        dev /sub
        boss /sub list to chat:ops
        boss /sub add refund, announcement to group:finance, alice, chat:dev
        boss /sub
        /sub add security, updates, product.expiry, refund to chat, robot:ops-room
        /sub add operation, product to chat, robot:ops-room severity>=warning
        /sub add security.*, updates.*, product.* to chat, robot:ops-room via inbox
        /sub
    """,
    "sub matrix": """
        /sub
        /sub finance.refund
        /sub finance.refund chat
        /sub finance.refund voice
        /sub finance.refund dnd
        /sub alarm page 9
        /sub refund voucher
        /sub matrix sms
        /sub matrix refund, voucher
        /sub switch refund
        /sub switch on chat
        /sub switch refund sms
        /sub switch refund on chat off chat
        /sub switch refund on off chat
        /sub switch custom.* on chat
        /sub switch refund on sms
        /sub switch refund add chat
        /sub switch refund on chat
        /sub switch refund on chat
        /sub refund
        /sub add product.*
        /sub product.alarm chat
        /sub set alarm severity>=warning
        /sub switch alarm on chat
        /sub switch alarm off chat
        /sub switch refund off chat
        /sub switch refund, account-arrears on chat
        /sub switch account-arrears off chat
        /sub switch refund, voucher, alarm, event-alarm on chat,sms
        lin /sub switch refund off chat
        lin /sub refund
        alone /sub refund
        alone /sub refund chat
        alone /sub refund recipients
        alone /sub switch refund on sms
        alone /sub switch refund add me
        all /sub refund sms
        all /sub switch refund on sms
        all /sub switch refund on sms add me
        all /sub refund recipients
        all /sub switch refund add ou_a on email
        all /sub switch refund add @ou_a, person:ou_b on email
        all /sub switch refund off sms remove person:ou_b
        all /sub refund email
        all /sub refund dm
        all /sub switch finance add person:ou_a
        all /sub switch finance on dm, sms, voice off chat
        /sub switch voucher on dnd
        /sub switch refund off dnd
        /dnd add 22-8 refund, voucher
        /sub refund dnd
        /sub switch alarm, refund on dnd
        /sub switch alarm, refund off dnd
        /sub switch account-arrears off chat, dnd
        all /sub switch finance on dms, dnd
        all /sub switch finance off dm, dnd
        /sub several
        /sub several finance
        /sub several refund
        /sub several page 2
        all /sub several
        lone /sub switch refund on dm, sms
        lone /sub refund dm
    """,
    "sub remove": """
        /sub remove refund
        /sub add finance.*
        /sub add refund
        /sub remove refund
        /sub remove refund
        /sub set finance.* severity>=warning
        /sub remove refund
        /sub add refund
        /sub remove refund
        /sub remove 1
        /sub add refund, voucher, balance-warning
        /sub remove finance
        /sub remove rule:money
        /sub remove rule:nothing
        /sub remove refund 3
        /sub remove
        /undo
    """,
    "sub set": """
        /sub add refund
        /sub set refund severity>=warning
        /sub set refund severity>=warning
        /sub set refund no filter via inbox
        /sub set refund via default
        /sub set refund
        /sub set
        /sub set something via inbox
        /sub add refund severity=critical
        /sub set refund via inbox
        /sub set 99 via inbox
        /sub set money product=cvm
        /sub refund
        /sub
    """,
    "sub reset": """
        /sub reset money
        /sub set rule:money severity>=warning via inbox
        /sub
        /sub reset money
        /sub reset rule:money
        /sub add refund
        /sub reset 1
        /sub remove rule:money
        /sub
        /sub set rule:money via inbox
        /sub reset nothing
        /sub reset
    """,
    "dnd add": """
        dev /dnd
        dev /dnd off
        dev /dnd remove 1
        /dnd add 22:00-08:00 workdays
        /dnd add 22:00-08:00 workdays
        /dnd add 22:00-08:00 mon-fri
        /dnd add 22:00-08:00 sat, sun
        /dnd add 8:00-18:00
        /dnd add whole day daily robot:ops-room
        /dnd add whole day weekends finance.* mute sms+voice including critical
        /dnd add 8:00-18:00 mute voice
        /dnd add 23:00-07:00 Asia/Singapore for me
        /dnd
        /dnd list for me
        wait 600
        /dnd
        /dnd preview
        /dnd preview 31d
        /dnd preview 40d
        /dnd preview 1m for me
        /dnd remove 2
        /dnd remove nights
        /dnd
        /dnd reset nights
        /dnd reset nights
        /dnd reset 3
        /dnd remove 99
        /dnd remove
        /dnd reset
        /dnd off 2
        /dnd off
        /undo
    """,
    "dnd refuses": """
        /dnd add
        /dnd add workdays
        /dnd add hours
        /dnd add 22-8 zone nowhere
        /dnd add 22-8 for @_user_2
        /dnd add 22-8 for group:finance
        lin /dnd add 22-8
        lin /dnd off
        alone /dnd add 22-8
        alone /dnd
        boss /dnd add 22-8 sat, sun for chat:ops
        boss /dnd list for chat:ops
        boss /dnd preview 7d for chat:ops
        boss /dnd add 22-8 for robot:loose
        /dnd remove all
        /dnd off
        /dnd add 22-8
        /dnd add 22-8 for robot:ops-room
        /dnd off
    """,
    "mute": """
        /mute list
        /mute 2h
        /mute 3h
        /mute 30m product=cdn mute sms+voice because switchover
        /mute until tomorrow 9am because audit
        /mute 20m including critical for me
        /mute 20m for robot:ops-room
        /mute list
        /mute list for me
        /unmute
        /unmute 2
        /unmute 99
        /unmute 2 all
        /unmute all
        /unmute
        wait 1
        /undo
    """,
    "mute refuses": """
        /mute 9h
        /mute 8d because holidays
        /mute 22:00-08:00
        /mute 2
        /mute because audit 2h
        /mute because
        /mute until tomorrow
        /mute until 9
        /mute until 2026-01-01 09:00
        /mute 2h for @_user_2
        lin /mute
        lin /unmute
        admin /mute for robot:loose
        alone /mute
        alone /mute list
    """,
    "robot": f"""
        team /robot
        solo /robot
        solo /robot add ops-hook notify all
        solo /robot add ops-hook {WEBHOOK} secret {SECRET} keyword 告警 notify all
        solo /robot
        solo /robot pause ops-hook
        solo /robot test ops-hook
        team /robot bind ops-hook
        team /robot bind ops-hook
        team /robot
        lin /robot
        team /robot test ops-hook
        team /robot set ops-hook 20/h deny=drill allow=disk,cpu notify none keyword=none
        team /robot set ops-hook per_hour=none deny=none allow=none notify all
        team /robot set ops-hook per_hour=3
        team /robot set ops-hook per_hour=3
        team /robot
        team /robot pause ops-hook
        team /robot pause ops-hook
        team /robot
        team /status
        team /robot resume ops-hook
        team /robot resume ops-hook
        team /robot reset ops-hook
        team /sub add refund to robot:ops-hook
        team /dnd add 22-8 for robot:ops-hook
        solo /robot add ops-hook {OTHER}
        team /robot bind ops-hook
        team /robot remove ops-hook
        head /robot add loose {OTHER}5
        head /robot
        head /robot set loose secret abcdef
        head /robot set loose secret
        head /robot set loose webhook {WEBHOOK}
        head /robot remove loose
        wait 2000
        solo /robot
    """,
    "robot refuses": f"""
        team /robot add ops-hook
        team /robot add ops-hook {WEBHOOK}
        team /robot ops-hook
        team /robot nothing
        team /robot test
        team /robot test nobody
        solo /robot test nobody
        solo /robot add
        solo /robot add {WEBHOOK}
        solo /robot add a:b {WEBHOOK}
        solo /robot add {"a" * 65} {WEBHOOK}
        solo /robot add x https://example.com/hook
        solo /robot add x http://open.feishu.cn/open-apis/bot/v2/hook/abcdefgh
        solo /robot add x https://open.feishu.cn/open-apis/bot/hook/abcdefgh
        solo /robot add x https://open.feishu.cn/hook
        solo /robot add x {WEBHOOK}
        solo /robot add y {WEBHOOK}
        solo /robot add y {OTHER} secret
        solo /robot bind x
        solo /robot set x
        solo /robot set x per_hour=0
        solo /robot set x keyword
        solo /robot set x keyword {"a" * 101}
        solo /robot set x allow a,b,c,d,e,f,g,h,i,j,k
        solo /robot test x {"a" * 501}
        team /robot bind x as ops-room
        team /robot bind nothing
        head /robot add ops-room {OTHER}
        head /robot add z {OTHER} chat nowhere
        head /robot enable ops-room
        lin /robot pause ops-room
        team /robot set ops-room secret {SECRET}
        team /robot remove ops-room
        team /robot reset ops-room
        head /robot set ops-room webhook {OTHER}
    """,
    "why": """
        /sub add alarm severity>=warning product=cvm
        /sub add refund to robot:ops-room
        /sub add voucher to me
        /dnd add 22:00-08:00
        /mute 2h product=cvm because switchover
        /why
        /why if
        /why if product.alarm
        /why if product.alarm product=cvm
        /why if product.alarm info product=cos
        /why if product.alarm warning product=cvm at "sat 03:00"
        /why if product.alarm severity=warning product=cvm at 2026-01-03 03:00
        lin /why if product.alarm product=cvm
        /why if refund
        /why if voucher to me
        /why if voucher via sms
        /why if voucher via sms to me
        alone /why if voucher via chat
        alone /why if announcement via sms
        alone /why if voucher
        boss /why if voucher to chat:dev
        /why if voucher to alice
        /why if voucher to group:finance
        /why if type=voucher type=refund
        /why if type=finance.*
        /why if type=finance.vouchr
        /why if type=nothing
        /why if voucher severity=bad
        /why if voucher status=bad
        /why if voucher product=cvm,cos
        /why if voucher severity>=warning
        /why if voucher at 2h
        /why if voucher at sat 9
        /why if voucher at noon-ish
        /why if voucher to
        /why M99
        /unmute
        /dnd off
    """,
    "undo": """
        /undo
        /undo 99
        /sub add refund
        /undo
        /undo 1
        /undo 2
        /sub add refund
        /sub remove refund
        /undo 4
        /mute 2h
        lin /undo 6
        wait 11
        /undo 6
        /undo
    """,
}

RULE = Subscription(
    id=0,
    name="money",
    owner="yaml",
    patterns=("tencent.*",),
    to=(CHAT,),
    created_at=MONDAY,
)
WINDOW = Window(
    id=0,
    name="nights",
    target=CHAT,
    start=22 * 60,
    end=8 * 60,
    zone="Asia/Shanghai",
    mutes=ALL,
    created_at=MONDAY,
)


@pytest.mark.parametrize("noun", TALKS)
async def test_every_word_of_every_answer_is_translated(wei: Talk, noun: str) -> None:
    await wei.do(_with_yaml)
    english = {}
    for line in TALKS[noun].strip().splitlines():
        answer = await _answered(wei, line.strip())
        if answer is None:
            continue
        plain = [each for each in texts_of(answer) if not isinstance(each, Text)]
        left = [
            some
            for each in texts_of(answer)
            for some in left_in_english(each)
            # That is a robot's name.
            if some != "name: night watch"
        ]
        if plain or left:
            english[line.strip()] = [*plain, *left]
    assert english == {}


async def _with_yaml(tx: Tx) -> None:
    robot = Robot(name="ops-room", chat=OPS, created_at=MONDAY)
    await robot_baseline.apply(tx, [(robot, Hook("https://x/y"))], now=MONDAY)
    await subscriptions.apply_baseline(tx, [RULE], now=MONDAY)
    await windows.apply_baseline(tx, [WINDOW], now=MONDAY)


async def _answered(wei: Talk, line: str) -> Reply | UserError | None:
    who, _blank, rest = line.partition(" ")
    if who == "wait":
        wei.clock.advance(seconds=timedelta(minutes=int(rest)).total_seconds())
        return None
    others = {
        "lin": wei.by(LIN),
        "admin": wei.by(ADMIN, Role.ADMIN),
        "boss": wei.by(ADMIN, Role.ADMIN).alone(),
        "alone": wei.alone(),
        "dev": wei.within(DEV),
        "all": Crowd(wei.db, wei.clock),
        "lone": Crowd(wei.db, wei.clock, chat="oc_lone", direct=True),
        "team": Host(wei.db, wei.clock),
        "solo": Host(wei.db, wei.clock).alone(),
        "head": Host(wei.db, wei.clock).by(ADMIN, Role.ADMIN).alone(),
    }
    try:
        return await others[who].say(rest) if who in others else await wei.say(line)
    except UserError as exc:
        return exc


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (Text("No such message"), ["No such message"]),
        (
            _("For {whom}.", whom="everyone in this group"),
            ["whom: everyone in this group"],
        ),
        (_("For {whom}.", whom=_("you")), []),
        (commas(["finance.refund", "no filter"]), ["all: no filter"]),
        (listed(['"disk full" severity>=warning', "Asia/Hong_Kong"]), []),
        (_("Taken back: {command}", command="/dnd add whole day daily"), []),
    ],
)
def test_what_is_left_in_english_is_found(said: Text, left: list[str]) -> None:
    assert list(left_in_english(said)) == left
