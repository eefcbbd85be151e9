"""config.example.yaml is the reference of all settings: it must not drift from them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.config import Config, load, loads, new_key, schema
from bot.config.fields import item_sections, locate
from bot.config.section import Section
from bot.config.tree import read_tree

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
#: In front of the lines of a section that could stand in place of another.
OTHER = "#|"
PLAIN = [line.removeprefix(OTHER) for line in LINES]
VARIABLES = set(re.findall(r"\$\{([A-Z_]+)", TEXT)) - {"NAME"}
ENVIRON = dict.fromkeys(VARIABLES, "x") | {
    "OPS_WEBHOOK": "https://open.larksuite.com/open-apis/bot/v2/hook/x",
    "LARKBELL_KEY": new_key(),
    "CALLS_URL": "https://calls.example.com/send",
}


def texts() -> list[str]:
    """The example, and as it would be with each of the sections that it could have."""
    found = [TEXT]
    for number, line in enumerate(LINES):
        if not line.startswith(OTHER) or not re.match(r"\w", line[len(OTHER) :]):
            continue
        end = next(i for i in range(number, len(LINES)) if not LINES[i])
        head = line[len(OTHER) :].partition(":")[0]
        start = next(i for i, each in enumerate(LINES) if each.startswith(f"{head}:"))
        stop = next(i for i in range(start, len(LINES)) if not LINES[i])
        changed = [*LINES]
        changed[start:stop] = [""] * (stop - start)
        changed[number:end] = PLAIN[number:end]
        found.append("\n".join(changed))
    return found


TEXTS = texts()


@dataclass(frozen=True)
class Setting:
    """One setting of one section, and where the example shows it first."""

    section: type[Section]
    name: str
    field: FieldInfo
    line: int | None

    def __str__(self) -> str:
        return f"{self.section.__name__}.{self.name}"

    @property
    def comment(self) -> str:
        """The comment lines right above."""
        assert self.line
        above = []
        for text in reversed(PLAIN[: self.line - 1]):
            if not text.lstrip().startswith("#"):
                break
            above.append(text.strip().removeprefix("#").strip())
        return " ".join(reversed(above))

    @property
    def shown(self) -> str:
        """What stands behind the name, without quotes and comment."""
        assert self.line
        found = re.search(rf"\b{self.name}:(.*?)(?:  #.*)?$", PLAIN[self.line - 1])
        assert found
        return found[1].strip().strip("\"'")

    @property
    def remark(self) -> str:
        """The comment behind the value."""
        assert self.line
        return PLAIN[self.line - 1].partition("  # ")[2]

    @property
    def default(self) -> str | None:
        """The default as people would write it; ``None`` where one is needed."""
        extra = self.field.json_schema_extra
        value = extra.get("default") if isinstance(extra, dict) else self.field.default
        if value is PydanticUndefined:
            return None
        if value is None or value in ((), {}, ""):
            return "none"
        if isinstance(value, bool):
            return str(value).lower()
        if type(value) is tuple:
            return f"[{', '.join(value)}]" if value != ("*",) else '["*"]'
        return str(value)


def sections(kind: Any = Config) -> Iterator[type[Section]]:
    for section in item_sections(kind):
        yield section
        for field in section.model_fields.values():
            yield from sections(field.annotation)


def settings() -> list[Setting]:
    lines: dict[tuple[type[Section], str], int] = {}
    for text in TEXTS:
        tree, _ = read_tree(text, file="", environ=ENVIRON, read=lambda path: path)
        for path, line in sorted(tree.lines.items(), key=lambda each: each[1]):
            place = locate(tagged(path, tree.root))
            if place.section and place.field:
                lines.setdefault((place.section, str(path[-1])), line)
    return [
        Setting(section, name, section.model_fields[field], lines.get((section, name)))
        for section in dict.fromkeys(sections())
        for name, field in section.setting_names().items()
    ]


def tagged(path: tuple[str | int, ...], root: Any) -> tuple[str | int, ...]:
    """Return *path* as pydantic would locate it: with the provider of a section."""
    if path[:1] in (("sms",), ("voice",)) and len(path) > 1:
        return (path[0], root[path[0]]["provider"], *path[1:])
    if path[:2] == ("billing", "accounts") and len(path) > 3:
        provider = root["billing"]["accounts"][path[2]]["provider"]
        return (*path[:3], provider, *path[3:])
    return path


SETTINGS = settings()


def test_the_example_loads_without_a_warning() -> None:
    loaded = load(EXAMPLE, ENVIRON)

    assert loaded.warnings == ()
    assert [source.name for source in loaded.config.sources] == [
        "console",
        "prometheus",
        "scripts",
    ]


@pytest.mark.parametrize("text", TEXTS[1:])
def test_so_does_each_other_section_that_it_shows(text: str) -> None:
    on_feishu = text.replace("region: lark", "region: feishu")

    loaded = loads(on_feishu, ENVIRON, path=EXAMPLE)

    assert loaded.warnings == ()


def test_the_example_shows_every_setting() -> None:
    assert [str(setting) for setting in SETTINGS if setting.line is None] == []
    assert len(SETTINGS) > 100


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_each_setting_is_told_in_the_words_of_its_model(setting: Setting) -> None:
    assert setting.comment == setting.field.description
    assert setting.comment.endswith(".")


@pytest.mark.parametrize(
    "setting",
    [each for each in SETTINGS if not isinstance(each.field.default, Section)],
    ids=str,
)
def test_each_setting_says_its_default(setting: Setting) -> None:
    if setting.default is None:
        assert setting.remark == "needed"
    elif setting.shown.replace("null", "none") != setting.default:
        assert setting.remark == f"default: {setting.default}"
    else:
        assert setting.remark == ""


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it: numbers are numbers, and only true is true."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"(?:true|false)$", ["t", "f"]),
    ("int", r"(?:0|[1-9][0-9]*)$", list("0123456789")),
):
    EditorLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(pattern), first
    )


def judge() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def complaints(text: str) -> list[str]:
    return [
        error.json_path
        for error in judge().iter_errors(yaml.load(text, Loader=EditorLoader))
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_the_schema_accepts_the_example(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "email: {host: a, sender: b@c, port: '${PORT}', tls: '${TLS:-tls}'}",
        "sources: [{name: '${A}', kind: '${B}', rate: '${C}', token: '${file:d}'}]",
        "subscriptions: [{types: ['${A}'], to: ['${B}'], via: ['${C}']}]",
        "dnd: [{for: '${A}', hours: '${B}', mute: '${C}', except: '${D}'}]",
        "dnd: [{for: 'chat:a', hours: whole day, days: [sat, sun], mute: [sms]}]",
    ],
)
def test_the_schema_lets_any_setting_come_from_outside(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("databse: {}", ["$"]),
        ("server: {listen: here}", ["$.server.listen"]),
        ("defaults: {locale: de}", ["$.defaults.locale"]),
        ("limits: {robot: {per_second: 0}}", ["$.limits.robot.per_second"]),
        ("sources: [{name: UP, kind: native}]", ["$.sources[0].name"]),
        ("robots: [{name: a}]", ["$.robots[0]"]),
        (
            "dnd: [{for: 'team:a', hours: whole day, mute: none}]",
            ["$.dnd[0].for", "$.dnd[0].mute"],
        ),
        ("billing: {accounts: [{name: a, provider: b}]}", ["$.billing.accounts[0]"]),
    ],
)
def test_the_schema_shows_editors_what_is_wrong(text: str, where: list[str]) -> None:
    assert complaints(text) == where


def test_the_schema_tells_what_a_setting_is_for() -> None:
    shown = schema()

    assert json.loads(json.dumps(shown)) == shown
    assert shown["$defs"]["DndConfig"]["properties"]["mute"] == {
        "description": "What is muted: all, sms+voice, voice, or a list of channels.",
        "default": "all",
        "anyOf": [
            {"enum": ["all", "sms+voice", "voice"]},
            {
                "type": "array",
                "items": {"enum": ["chat", "dm", "email", "sms", "voice"]},
            },
            {"type": "string", "pattern": r"\$\{.+\}"},
        ],
    }


def test_reading_a_configuration_loads_no_slow_library() -> None:
    code = (
        "import sys, bot.config; from pathlib import Path; "
        "bot.config.loads('defaults: {calendar: CN}', {}, path=Path('c')); "
        "print({'holidays', 'aiohttp', 'cryptography', 'lark_oapi', 'rich'} "
        "& sys.modules.keys())"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"
