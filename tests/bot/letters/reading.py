"""A reader of letters that shares nothing with their writer: a mail program's eyes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

#: What letters are made of. Nothing that loads, runs, or takes what somebody types.
_TAGS = {
    "html", "head", "meta", "title", "body", "div", "h2", "p", "br", "hr", "b", "i",
    "a", "code", "pre", "ul", "ol", "li",
}  # fmt: skip
_ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href", "start"}
_BLOCKS = {"p", "h2", "li", "br", "pre", "div", "button", "title", "hr", "ul", "ol"}
_WEB = re.compile(r"https?://[^\s<>\"\\]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A letter as a mail program has it."""

    message: EmailMessage
    text: str
    html: str

    @property
    def seen(self) -> list[str]:
        """What the HTML shows, line by line, its title left out."""
        return look(self.html).lines

    @property
    def links(self) -> list[str]:
        """Where the HTML leads."""
        return look(self.html).links

    @property
    def mailbox(self) -> str:
        """The one to whom it goes."""
        return str(self.message["To"])


def read(sealed: bytes) -> Read:
    """Return the letter, which is text and HTML for the same words."""
    message = message_from_bytes(sealed, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == [
        "text/plain",
        "text/html",
    ]
    return Read(message=message, text=_unix(text), html=_unix(html))


def _unix(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def look(html: str, *, forms: bool = False) -> Eyes:
    """Return what a page shows; fail for anything in it that could act.

    With *forms*, it may have a button that posts the page to where it came from.
    """
    eyes = Eyes(forms=forms)
    eyes.feed(html)
    eyes.close()
    return eyes


class Eyes(HTMLParser):
    """Sees words and links, and fails for whatever could act."""

    def __init__(self, *, forms: bool = False) -> None:
        super().__init__()
        self._tags = _TAGS | ({"form", "button"} if forms else set())
        self.links: list[str] = []
        self._shown = ""
        self._title = False

    @property
    def lines(self) -> list[str]:
        return [line for each in self._shown.split("\n") if (line := each.strip())]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self._tags, tag
        self._title = tag == "title"
        if tag == "form":
            assert dict(attrs).keys() == {"method", "action"}
            assert dict(attrs)["action"] in ("?", "?again")
            return
        if tag in _BLOCKS:
            self._shown += "\n"
        for name, value in attrs:
            assert name in _ATTRIBUTES, name
            if name == "href":
                assert value
                assert _WEB.fullmatch(value), value
                self.links.append(value)
            if name == "style":
                assert value
                assert "url(" not in value
                assert "expression" not in value

    def handle_endtag(self, tag: str) -> None:
        self._title = False
        if tag in _BLOCKS:
            self._shown += "\n"

    def handle_data(self, data: str) -> None:
        if not self._title:
            self._shown += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)
