"""A letter → the message that a mail server takes: headers, plain text, HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from markupsafe import Markup

from bot.letters.address import address
from bot.letters.letter import Letter
from bot.letters.pages import drawn
from handlers.language.catalogues import say
from store.wording import _

#: How we sign letters.
NAME = "Larkbell"
_END = "\r\n"
#: Lines in ASCII alone: no server on the way has to promise more.
_POLICY = SMTP.clone(cte_type="7bit")
_LANGUAGES = {"en": "en", "zh": "zh-CN"}
#: A header that names more of them would help nobody.
_MOST_NAMED = 10
#: Only a page on https may be for one click, and nothing in it may end the header.
_ONE_CLICK = re.compile(r"https://[!-;=?-~]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How one letter travels: from whom, to whom, and under which name.

    ``key`` is the same at every attempt, so that all of them are the same letter.
    ``stop`` is the page on which whoever reads it can have no more of these.
    """

    sender: str
    to: str
    key: str
    stop: str = ""

    @property
    def id(self) -> str:
        """The letter's own name: the same key, the same name."""
        return f"<{self.key}@{_domain(self.sender)}>"


def sealed(letter: Letter, envelope: Envelope) -> bytes:
    """Return *letter* as it travels. Raises ``NoAddress`` where it cannot.

    The same letter in the same envelope says the same; only the lines that divide its
    parts are made by chance.
    """
    message = EmailMessage(policy=_POLICY)
    sender, to = address(envelope.sender), address(envelope.to)
    message["From"] = Address(NAME, addr_spec=sender.addr_spec)
    message["To"] = to
    message["Date"] = format_datetime(letter.at.astimezone(UTC))
    message["Message-ID"] = envelope.id
    # RFC 3834: no machine is to answer this one.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.thread:
        message["References"] = f"<incident.{letter.thread}@{sender.domain}>"
    if letter.urgent:
        message["Importance"] = "high"
    message.set_content(_text(letter, envelope))
    message.add_alternative(_html(letter, envelope), subtype="html")
    message["Content-Language"] = _LANGUAGES[letter.locale]
    by_hand = _subject(letter) + _ways_to_stop(letter, envelope, sender)
    return by_hand + message.as_bytes()


def _subject(letter: Letter) -> bytes:
    """Return the subject, all of it encoded.

    Written by hand: the library reads "=?…?=" in what it is given, and would make lines
    and other headers of what somebody wrote into a title.
    """
    subject = Header(letter.subject, "utf-8", maxlinelen=75, header_name="Subject")
    return f"Subject: {subject.encode(linesep=_END)}{_END}".encode("ascii")


def _ways_to_stop(letter: Letter, envelope: Envelope, sender: Address) -> bytes:
    """Return the headers of RFC 2369 and 8058: mail programs show them as a button.

    Written by hand: the library encodes an address that is longer than a line, and no
    mail program reads that.
    """
    if not letter.types:
        return b""
    named = " ".join(("unsubscribe", *letter.types[:_MOST_NAMED]))
    ways = [f"<mailto:{quote(sender.addr_spec, safe='@')}?subject={quote(named)}>"]
    headers = []
    if _ONE_CLICK.fullmatch(envelope.stop):
        ways.insert(0, f"<{envelope.stop}>")
        headers.append(f"List-Unsubscribe-Post: List-Unsubscribe=One-Click{_END}")
    headers.append(f"List-Unsubscribe: {f',{_END} '.join(ways)}{_END}")
    return "".join(headers).encode("ascii")


def _text(letter: Letter, envelope: Envelope) -> str:
    if not letter.types:
        return letter.text
    # The sign of a signature, which mail programs set apart.
    said = [letter.text.rstrip("\n"), "", "-- ", _why(letter)]
    if envelope.stop:
        said.append(f"{_stop(letter)}: {envelope.stop}")
    return "\n".join(said) + "\n"


def _html(letter: Letter, envelope: Envelope) -> str:
    page = drawn(
        "page",
        language=_LANGUAGES[letter.locale],
        title=letter.subject,
        content=Markup(letter.html),  # noqa: S704 - escaped when it was made
        why=_why(letter) if letter.types else "",
        stop=envelope.stop,
        stop_label=_stop(letter),
    )
    return str(page)


def _why(letter: Letter) -> str:
    why = _("You get this because a rule of Larkbell names you.")
    return say(why, letter.locale)


def _stop(letter: Letter) -> str:
    return say(_("No more e-mails about this"), letter.locale)


def _domain(sender: str) -> str:
    return address(sender).domain
