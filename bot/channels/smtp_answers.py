"""What a mail server's answers mean. Pure.

SMTP says it in the first digit: 4 is "not now", 5 is "never" (RFC 5321, 4.2.1). Whom it
is about decides the rest: the address is one person's affair, our login everybody's.
"""

from __future__ import annotations

import re
import ssl

import aiosmtplib

from bot.cards import defuse
from bot.errors import Parked, Refused, TransportError, Unanswered
from store.wording import Text, _

#: We are to prove who we are first: that is no one letter's fault (RFC 4954).
_LOGIN = frozenset({530, 534, 535, 538})
#: What is wrong with one address or letter, by enhanced status (RFC 3463).
_MEANINGS = {
    "5.1.1": _("there is no such mailbox"),
    "5.1.2": _("there is no such domain"),
    "5.1.3": _("the address is misspelt"),
    "5.1.6": _("the mailbox has moved"),
    "5.1.10": _("the domain takes no mail"),
    "5.2.1": _("the mailbox is closed"),
    "5.2.2": _("the mailbox is full"),
    "5.2.3": _("the letter is too big"),
    "5.3.4": _("the letter is too big"),
    "5.7.1": _("its rules do not allow it"),
}
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# Addresses of people and machines, and of pages: theirs and ours are nobody's business.
_PRIVATE = re.compile(r"\S*(?:@|://)\S*|\S*\d+\.\d+\.\d+\.\d+\S*|\S*[0-9a-f:]*::\S*")
_LONGEST = 100


def judge(exc: Exception, *, given: bool) -> TransportError:
    """Return what *exc* means for one letter.

    *given*: the server may have all of it, so that no answer leaves us in doubt.
    """
    match exc:
        case TransportError():
            return exc
        case aiosmtplib.SMTPRecipientRefused() if exc.code in _LOGIN:
            return _not_logged_in(exc)
        case aiosmtplib.SMTPRecipientRefused() if exc.code >= 500:
            return Refused(
                _("the mail server does not take this address: {why}", why=_why(exc))
            )
        case aiosmtplib.SMTPSenderRefused() if exc.code >= 500:
            return Parked(
                _("the mail server does not take letters from us: {why}", why=_why(exc))
            )
        case aiosmtplib.SMTPDataError() if exc.code >= 500:
            return Refused(
                _("the mail server does not take this letter: {why}", why=_why(exc))
            )
        case aiosmtplib.SMTPResponseException() if exc.code >= 400:
            return TransportError(
                _("the mail server does not take it now: {why}", why=_why(exc))
            )
        case ValueError():
            return Refused(_("this is no e-mail address that mail knows"))
    words = _("the connection to the mail server broke")
    if isinstance(exc, TimeoutError):
        words = _("the mail server did not answer in time")
    return Unanswered(words) if given else TransportError(words)


def judge_welcome(exc: Exception) -> TransportError:
    """Return what it means that we did not get as far as a letter."""
    if isinstance(exc, TransportError):
        return exc
    if (trouble := _tls_trouble(exc)) is not None:
        return trouble
    match exc:
        case aiosmtplib.SMTPAuthenticationError() if exc.code >= 500:
            return _not_logged_in(exc)
        case aiosmtplib.SMTPResponseException() if exc.code >= 500:
            return Parked(_("the mail server turns us away: {why}", why=_why(exc)))
        case aiosmtplib.SMTPResponseException() if exc.code >= 400:
            return TransportError(
                _("the mail server does not take it now: {why}", why=_why(exc))
            )
        case TimeoutError():
            return TransportError(_("the mail server did not answer in time"))
        case aiosmtplib.SMTPException() if type(exc) is aiosmtplib.SMTPException:
            return Parked(_("the mail server knows no way to log in that we know"))
    return TransportError(_("the mail server cannot be reached"))


def no_starttls() -> Parked:
    """Return what it means that the server protects no connection."""
    return Parked(_("the mail server offers no STARTTLS: check email.tls"))


def no_login() -> Parked:
    """Return what it means that the server does not ask who we are."""
    return Parked(_("the mail server takes no login here: check email.port, email.tls"))


def _not_logged_in(exc: aiosmtplib.SMTPResponseException) -> Parked:
    # Its words may hold what we sent: the code alone.
    return Parked(
        _(
            "the mail server does not take our user name and password ({code})",
            code=exc.code,
        )
    )


def _tls_trouble(exc: BaseException | None) -> TransportError | None:
    """Return what is wrong with the protection, if that is what is wrong."""
    while exc is not None:
        match exc:
            case ssl.SSLCertVerificationError():
                return Parked(
                    _(
                        "the mail server's certificate is not trusted: {why}. "
                        "Check email.host and email.ca_file",
                        why=defuse.line(exc.verify_message, most=_LONGEST).rstrip("."),
                    )
                )
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return None
            case ssl.SSLError():
                return Parked(
                    _(
                        "no protected connection to the mail server: "
                        "check email.port and email.tls"
                    )
                )
        exc = exc.__cause__ or exc.__context__
    return None


def _why(exc: aiosmtplib.SMTPResponseException) -> Text:
    """Return the answer's code, and what it means or says, without any address."""
    said = str(exc.message)
    status = _STATUS.search(said)
    known = _MEANINGS.get(status.group()) if status else None
    if known is not None and status is not None:
        return _(
            "{code} {status}, {words}",
            code=exc.code,
            status=status.group(),
            words=known,
        )
    shown = defuse.line(_PRIVATE.sub("…", said), most=_LONGEST)
    return (
        _("{code} {words}", code=exc.code, words=shown)
        if shown
        else _("{code}", code=exc.code)
    )
