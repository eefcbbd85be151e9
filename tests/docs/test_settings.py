"""What the README says of the YAML is so, and its pieces can be copied.

That config.example.yaml shows every setting is tested in tests/bot.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from bot.config import Config, changes, loads, new_key
from tests.docs.pages import README, Block, code_in

ENVIRON = {
    "LARKBELL_KEY": new_key(),
    "OPS_WEBHOOK": "https://open.larksuite.com/open-apis/bot/v2/hook/x",
    "OPS_SECRET": "x",
    "CALLS_URL": "https://calls.example.com/send",
}


def test_every_section_of_the_settings_is_in_the_table() -> None:
    told = [name for row in README.table("Configure") for name in code_in(row[0])]

    assert sorted(told) == sorted(Config.setting_names())


def test_it_says_what_waits_for_a_restart() -> None:
    told = " ".join(README.section("Configure").split())
    (said,) = re.findall(r"\*\*Restart\.\*\* The sections (.+?) are", told)

    assert tuple(code_in(said)) == changes.AT_START


@pytest.mark.parametrize(
    "block", README.blocks("yaml"), ids=lambda block: f"line-{block.line}"
)
def test_a_piece_of_yaml_can_be_copied(block: Block) -> None:
    if block.text.startswith("# alertmanager.yml"):
        written = yaml.safe_load(block.text)
        (receiver,) = written["receivers"]
        (hook,) = receiver["webhook_configs"]
        assert written["route"]["receiver"] == receiver["name"]
        assert urlsplit(hook["url"]).path == "/v1/sources/prometheus"
    else:
        named = re.findall(r"\$\{(\w+)\}", block.text)
        environ = {name: f"the-{name}" for name in named} | ENVIRON
        loaded = loads(block.text, environ, path=Path("config.yaml"))
        # The pieces are parts: who is an admin does not stand in all of them.
        assert {each.path for each in loaded.warnings} <= {"roles.admins"}
