"""What holds for every document: links lead somewhere, and nothing is private."""

from __future__ import annotations

import re
import tomllib
from itertools import chain

import pytest

from tests.docs.pages import CHANGELOG, PAGES, ROOT, Page

#: Where this was built is nobody's business, nor where its packages came from.
PRIVATE = re.compile(
    r"/work/|\.\./shared|shared/(?:facts|DESIGN)|DESIGN\.md|STYLE\.md|pypi|simple/"
)
FILES = sorted(
    path
    for path in chain(
        ROOT.glob("*.md"),
        [ROOT / "config.example.yaml", ROOT / "Makefile", ROOT / "constraints.txt"],
        *(
            (ROOT / package).rglob(kind)
            for package in ("bot", "handlers", "store", "sandbox", "bench")
            for kind in ("*.py", "*.sql", "*.yaml")
        ),
    )
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.name)
def test_every_link_leads_somewhere(page: Page) -> None:
    here = [link for link in page.links if not link.startswith("https://")]

    astray = [link for link in here if not _leads_somewhere(link, page)]

    assert astray == []


def _leads_somewhere(link: str, page: Page) -> bool:
    path, _, anchor = link.partition("#")
    name = path or page.path.name
    if not anchor:
        return (ROOT / name).exists()
    return (ROOT / name).is_file() and anchor in Page(name).anchors


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.name)
def test_every_heading_can_be_linked_to(page: Page) -> None:
    headings = re.findall(r"^#{1,6} (.+)$", page.prose, re.MULTILINE)

    assert headings
    # The changelog says "Added" in every version.
    if page is not CHANGELOG:
        assert len(page.anchors) == len(headings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.name)
def test_what_make_is_asked_for_is_in_the_makefile(page: Page) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    shell = "\n".join(block.text for block in page.blocks("sh"))
    spans = "\n".join(page.spans)

    asked = re.findall(r"^make (?:\w+=\S+ )*(\w+)", f"{shell}\n{spans}", re.MULTILINE)

    assert set(asked) - targets == set()


def test_nothing_private_is_mentioned() -> None:
    mentions = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in FILES
        if (found := PRIVATE.search(path.read_text("utf-8")))
    ]

    assert mentions == []
    assert len(FILES) > 100


def test_the_changelog_tells_of_this_version() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    version = tomllib.loads(text)["project"]["version"]
    headings = re.findall(r"^## (.+)$", CHANGELOG.text, re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert all(
        re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", each)
        for each in headings[1:]
    )
    assert version in CHANGELOG.text
