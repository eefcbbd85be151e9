"""What holds for every line: no text breaks the reader, none is read two ways."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers import dnd, mute, sub
from handlers.commands import router
from handlers.errors import UserError
from handlers.language.lexicon import HEADS, OPTIONS, VERBS
from handlers.language.moments import resolve
from handlers.language.vocabulary import CHINESE
from handlers.refusals import told
from handlers.rules.filters import FilterError, parse
from handlers.rules.methods import ALL
from store.values import Channel, Destination, Kind
from tests.handlers.meaning import meaning
from tests.handlers.talk import LIN, TYPES, context

ASKED = context()
ALONE = context(direct=True)

WORDS = sorted(
    {
        *HEADS,
        *VERBS,
        *CHINESE,
        *(word for words in OPTIONS.values() for word in words),
        *(each.id for each in TYPES),
        *(title for each in TYPES for title in each.titles),
    }
)
ODD_PIECES = (
    "2|2h|22:00-08:00|9-5|mon-fri|until|tomorrow|9am|sms+voice|--via|via=|via:|to|"
    "@_user_2|robot:ops-room|robot:|person:|severity>=warning|product=cvm,|-region=na*|"
    "(|)|a|b|-|--|=|:|,|、|“|”|\"|'|`|\\|/|「|」|*|finance.*|rule:x|#3|page|because|"
    "where|not|or|and|下周一|明早9点|2小时|半|一|点|2026-10-02|99:99|M1|&|+|..|->"
)
ODDS = ODD_PIECES.split("|")
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(ODDS),
    st.text(max_size=6),
)
LINES = st.lists(PIECES, max_size=8).flatmap(
    lambda pieces: st.lists(
        st.sampled_from([" ", "", "　", ",", "\n"]),
        min_size=len(pieces),
        max_size=len(pieces),
    ).map(lambda gaps: "".join(a + b for a, b in zip(pieces, gaps, strict=True)))
)


def _read(line: str) -> str | None:
    try:
        written = meaning(line)
    except UserError as exc:
        # Whatever is offered can be offered: it is a line, and none is empty.
        offered = told(router, exc, line, ASKED).choices
        assert all(each.startswith("/") for each in offered)
        return None
    # A window is known by its name, which is free text: no such window, no change.
    named = re.fullmatch("/dnd (remove|reset) [^0-9].*", written)
    return None if named else written


@given(LINES)
@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@example("/sub add finance.* \\")
@example("/sub add (")
@example('/sub add finance.* title="')
@example("/mute until 9999-12-31 23:59")
@example("/mute until 0001-01-01 00:00")
@example("/mute 999999w")
@example("/undo 99999999999999999999")
@example("/why M99999999999999999999")
@example("/sub add " + "(" * 500)
@example("/sub add " + "-" * 500 + "x")
@example("/sub add " + "not " * 400 + "x=1")
def test_no_line_breaks_the_reader(line):
    written = _read(line)

    if written is not None:
        assert meaning(written) == written


@given(st.text(max_size=120))
@settings(max_examples=200)
def test_no_text_breaks_the_reader(text):
    _read(text)


def _conditions() -> st.SearchStrategy[str]:
    simple = st.sampled_from(
        [
            "",
            "severity>=warning",
            "severity=info,critical",
            "product=cvm,cos",
            "-region=na*",
            '"disk full"',
            "disk",
            "disk*full",
            '-"a, b"',
            "product=cvm or product=cos",
            "(a or b) severity<critical",
            "-(a b)",
            "vai=x",
            "labels.type=x",
            "type=refund",
            "type=finanse.* -产品=cvm",
            "status=none",
            'title="say \\"hi\\""',
            "type=finance.* via",
            '"to" for=me',
        ]
    )
    free = st.text(max_size=20).map(
        lambda text: 'x="' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
    return st.one_of(simple, free).filter(_parses)


def _parses(text: str) -> bool:
    try:
        parse(text)
    except FilterError:
        return False
    # What no screen shows is taken out of every line.
    return text.isprintable()


PATTERNS = st.lists(
    st.sampled_from([each.id for each in TYPES] + ["finance.*", "*", "custom.x"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
DESTINATIONS = st.sampled_from(
    [
        ASKED.home,
        ASKED.me,
        Destination(Kind.ROBOT, "ops-room"),
        Destination(Kind.ROBOT, "night watch"),
        Destination(Kind.PERSON, LIN),
        Destination(Kind.PERSON, "bob"),
        Destination(Kind.GROUP, "finance"),
    ]
)
CHANNELS = st.frozensets(st.sampled_from(list(Channel)), min_size=1)
NAMES = st.one_of(
    st.integers(1, 999).map(str),
    st.sampled_from(["money", "Nights", "my money", "a:b", "退款", "x=y"]),
)
FILTERS = _conditions().map(parse)
TARGETS = st.sampled_from(
    [ASKED.home, ASKED.me, Destination(Kind.ROBOT, "night watch")]
)


@st.composite
def subscriptions(draw):
    to = tuple(draw(st.lists(DESTINATIONS, min_size=1, max_size=3, unique=True)))
    if ASKED.home not in to:
        to = (ASKED.home, *to)
    match draw(st.integers(0, 4)):
        case 0:
            via = draw(st.none() | CHANNELS)
            return sub.Add(patterns=draw(PATTERNS), where=draw(FILTERS), via=via, to=to)
        case 1:
            return sub.Remove(
                patterns=draw(PATTERNS), where=draw(st.none() | FILTERS), to=to
            )
        case 2:
            return sub.Remove(name=draw(NAMES), to=to)
        case 3:
            where = draw(FILTERS)
            return sub.Set(pattern=draw(PATTERNS)[0], where=where, to=to)
        case _:
            return sub.Set(name=draw(NAMES), via=draw(CHANNELS), to=to)


@given(subscriptions())
@settings(max_examples=150)
def test_a_request_about_subscriptions_is_written_as_it_is_read(request):
    line = sub.write(request, ASKED)

    assert router.read(line, ASKED)[1] == request


@given(
    st.builds(
        dnd.Add,
        start=st.integers(0, 719),
        end=st.integers(720, 1439),
        days=st.sampled_from(["daily", "workdays", "weekends", "mon", "mon,wed,fri"])
        | st.sampled_from(["mon,tue,wed,thu,fri", "sat,sun", "tue,wed,thu"]),
        patterns=PATTERNS,
        mutes=st.frozensets(st.sampled_from(sorted(ALL)), min_size=1),
        zone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
        calendar=st.sampled_from(["CN", "SG", "DE-BY", "none"]),
        spare_critical=st.booleans(),
        target=TARGETS,
    )
)
def test_a_window_is_written_as_it_is_read(request):
    assert router.read(dnd.write(request, ASKED), ASKED)[1] == request


REASONS = st.one_of(
    st.sampled_from(
        ["", "switchover", "切换 to the “new” one", "via chat", "2h it is", "Of it all"]
    ),
    st.text(max_size=30)
    .filter(str.isprintable)
    .map(lambda text: " ".join(re.sub(r"[^\w ,.()-]", "", text).split()))
    .map(lambda text: f"{text} x" if text else ""),
)


@given(
    st.builds(
        mute.Mute,
        long=st.integers(1, 8 * 60).map(lambda minutes: timedelta(minutes=minutes)),
        where=FILTERS,
        mutes=st.frozensets(st.sampled_from(sorted(ALL)), min_size=1),
        spare_critical=st.booleans(),
        reason=REASONS,
        target=TARGETS,
    )
)
@settings(max_examples=150)
def test_a_mute_is_written_as_it_is_read(request):
    assert router.read(mute.write(request, ASKED), ASKED)[1] == request


@given(st.integers(1, 7 * 24 * 60))
def test_a_mute_until_a_moment_is_written_as_it_is_read(minutes):
    shown = (ASKED.now + timedelta(minutes=minutes)).astimezone(ASKED.clock)
    until = resolve(shown.replace(tzinfo=None), ASKED.clock, after=ASKED.now)
    request = mute.Mute(
        until=until, where=parse(""), reason="because", target=ASKED.home
    )

    assert router.read(mute.write(request, ASKED), ASKED)[1] == request


@pytest.mark.parametrize("line", ["/sub add refund", "/dnd add 22-8", "/mute 1h"])
def test_alone_a_line_is_about_the_asker(line):
    _, request = router.read(line, ALONE)
    whom = request.to if isinstance(request, sub.Add) else (request.target,)

    assert whom == (ALONE.me,)
