"""/set: the language and the time zone, of a person or a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.language.cursor import Cursor
from handlers.language.destinations import target_slot
from handlers.language.slots import One, fill
from handlers.language.suggestions import nearest
from handlers.language.zones import find_zone, zone_names
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from store import preferences
from store.preferences import Choice
from store.values import Destination, Kind
from store.wording import Text, _, titled

router = Router()

TITLE = _("Settings")
LANG, TZ = "lang", "tz"
USAGE = "lang zh | tz Asia/Singapore | lang default"

_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("lang", "language", "locale", "语言"), LANG),
    **dict.fromkeys(("tz", "zone", "timezone", "time zone", "时区"), TZ),
}
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("zh", "cn", "zh cn", "chinese", "mandarin"), "zh"),
    **dict.fromkeys(("中文", "汉语", "简体中文", "简体"), "zh"),
    **dict.fromkeys(("en", "en us", "en gb", "english", "英文", "英语"), "en"),
}
_TO = frozenset({"to", "as", "为", "成", "改为"})
_NONE = frozenset({"default", "defaults", "auto", "默认", "自动"})
#: Languages are named in themselves, whoever reads.
TONGUES: Mapping[str, str] = {"en": "English", "zh": "中文"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to set, for whom; an empty ``value`` forgets what was chosen.

    Without ``name``, what is set is shown.
    """

    target: Destination
    name: str = ""
    value: str = ""


def read(command: Command, context: Context) -> Asked:
    """Return what is to be set. Raises ``Misunderstood``."""
    cursor = command.rest
    name: One[str] = One(_("what to set"), _name, words=dict(_NAMES))
    language: One[str] = One(_("the language"), _language, words=dict(_LANGUAGES))
    zone: One[str] = One(_("the time zone"), _zone, words=_zones())
    default: One[bool] = One(_("the default"), lambda at: at.one_of(_NONE) or None)
    target = target_slot(context)
    fill(cursor, name, default, language, zone, target)
    whose = target.value or context.home
    if language.value and zone.value:
        raise Misunderstood(
            _("One setting at a time, please."),
            choices=(f"/set lang {language.value}", f"/set tz {zone.value}"),
        )
    if not (name.value or language.value or zone.value or default.value):
        return Asked(whose)
    return Asked(whose, *_named(name.value, language.value, zone.value, default.value))


def _named(
    name: str | None, language: str | None, zone: str | None, default: bool | None
) -> tuple[str, str]:
    meant = name or (LANG if language else TZ if zone else "")
    value = language if meant == LANG else zone
    if not meant:
        raise Misunderstood(
            _("What should be as it was? Say lang or tz."),
            choices=("/set lang default", "/set tz default"),
        )
    if value is None and not default:
        if meant == LANG:
            raise Misunderstood(
                _("Which language? I know English and Chinese."),
                choices=("/set lang en", "/set lang zh"),
            )
        raise Misunderstood(_("Which time zone? Write it as Asia/Shanghai."))
    return meant, value or ""


@router.command("set", read=read, usage=USAGE, look="/set", verbs=())
async def set_(asked: Asked, context: Context) -> Reply:
    """Choose the language and the time zone, of this group or of yourself.

    /set lang zh
    /set tz Asia/Singapore
    /set lang en for me
    """
    if asked.target.kind not in (Kind.CHAT, Kind.PERSON):
        raise UserError(
            _("Only people and groups have a language. A robot has its group's.")
        )
    if not asked.name:
        return await _show(asked, context)
    if asked.target.kind is Kind.PERSON and asked.target != context.me:
        raise Forbidden(_("Everybody chooses their own: “/set lang zh for me”."))
    context.require_editor(asked.target)
    return await _set(asked, context)


async def _show(asked: Asked, context: Context) -> Reply:
    if asked.target != context.me and not context.reaches(asked.target):
        context.require_editor(asked.target)
    found = await preferences.of(context.tx, asked.target)
    whose = context.say(asked.target)
    lines = (
        _(
            "Language for {whom}: {language}.",
            whom=whose,
            language=_tongue(found.locale),
        ),
        _("Time zone for {whom}: {zone}.", whom=whose, zone=found.zone or DEFAULT),
    )
    other = "en" if context.locale == "zh" else "zh"
    return Reply(
        title=TITLE,
        lines=lines,
        canonical=_written(Asked(asked.target), context),
        buttons=(
            Button(TONGUES[other], _written(Asked(asked.target, LANG, other), context)),
        ),
    )


DEFAULT = _("as everybody's")


async def _set(asked: Asked, context: Context) -> Reply:
    was = await preferences.chosen(context.tx, _choice(asked).id)
    if (was.value if was else "") == asked.value:
        return Reply(
            lines=(_("It is so already. Nothing changed."),),
            canonical=_written(asked, context),
        )
    changes = Changes(context)
    if not asked.value and was is not None:
        await changes.drop(was)
    elif was is None:
        await changes.make(_choice(asked))
    else:
        await changes.change(was, _choice(asked))
    before, now = (
        _said(asked.name, was.value if was else ""),
        _said(asked.name, asked.value),
    )
    whose = context.say(asked.target)
    if asked.name == LANG:
        line = _(
            "Language for {whom}: {before} → {now}.", whom=whose, before=before, now=now
        )
    else:
        line = _(
            "Time zone for {whom}: {before} → {now}.",
            whom=whose,
            before=before,
            now=now,
        )
    return await changes.reply(
        _written(asked, context), line, _effect(asked), title=TITLE
    )


def _effect(asked: Asked) -> str:
    if asked.target.kind is Kind.PERSON:
        return _("It holds everywhere for you, from the next answer on.")
    return _(
        "It holds for cards here and for who chose nothing; with “for me” each may "
        "choose their own."
    )


def _choice(asked: Asked) -> Choice:
    return Choice(asked.target, asked.name, asked.value)


def _said(name: str, value: str) -> Text:
    if name == LANG:
        return _tongue(value)
    return titled(value, value) if value else DEFAULT


def _tongue(locale: str | None) -> Text:
    said = TONGUES.get(locale or "")
    return titled(said, said) if said else DEFAULT


def _written(asked: Asked, context: Context) -> str:
    value = f" {asked.name} {asked.value or 'default'}" if asked.name else ""
    home = asked.target == context.home
    return f"/set{value}" + ("" if home else f" for {context.write(asked.target)}")


def _name(cursor: Cursor) -> str | None:
    # "tz=Asia/Tokyo" and "lang: zh" lead their value in.
    if cursor.option("zone"):
        return TZ
    if cursor.option("lang"):
        return LANG
    return cursor.phrase(_NAMES)


def _language(cursor: Cursor) -> str | None:
    last = cursor.last
    cursor.one_of(_TO)
    found = cursor.phrase(_LANGUAGES)
    led = last is not None and _NAMES.get(last.word.rstrip("=:")) == LANG
    if found is None and led and not cursor.done and cursor.here.word not in _NONE:
        raise _no_language(cursor)
    return found


def _no_language(cursor: Cursor) -> Misunderstood:
    return Misunderstood(
        _("I do not speak “{said}”, only English and Chinese.", said=cursor.here.text),
        choices=(cursor.line_with("en"), cursor.line_with("zh")),
    )


def _zone(cursor: Cursor) -> str | None:
    last = cursor.last
    cursor.one_of(_TO)
    for count in range(len(cursor.ahead(3)), 0, -1):
        found = find_zone(" ".join(each.text for each in cursor.ahead(count)))
        if found is not None:
            cursor.take(count)
            cursor.one_of({"time", "时间"})
            return found
    led = last is not None and _NAMES.get(last.word.rstrip("=:")) == TZ
    if led and not cursor.done and cursor.here.word not in _NONE:
        near = nearest(cursor.here.text, zone_names())
        raise Misunderstood(
            _("Which time zone? Write it as Asia/Shanghai."),
            choices=tuple(cursor.line_with(each) for each in near),
        )
    return None


def _zones() -> Mapping[str, str]:
    return {word: name for word, name in zone_names().items() if "/" in word}
