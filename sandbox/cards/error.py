"""Why a card is refused."""

from __future__ import annotations

#: "The JSON is not a card": unknown properties, wrong types, misplaced elements.
NOT_A_CARD = 200621
#: Element and table counts, nesting.
OVER_LIMIT = 11310
NAME_IN_FORM = 200530
BAD_CHART = 200550
BAD_IMAGE = 200570
DOWNGRADE = 200830
REMOVED_IN_2 = 200861
BAD_ROWS = 200914
ROW_WITHOUT_COLUMN = 200915
BAD_ELEMENT_ID = 300301
BAD_PERSON = 100290
NO_SUCH_TEMPLATE = 200380

MEANING = {
    NOT_A_CARD: "parse card json err, please check whether the card json is correct",
    NAME_IN_FORM: "the name of an interactive element in a form is empty or not unique",
    BAD_CHART: "chart spec is invalid",
    BAD_IMAGE: "card contains invalid image keys",
    DOWNGRADE: "the schema of the card cannot be downgraded",
    REMOVED_IN_2: "cards of schema V2 no longer support this capability",
    BAD_ROWS: "table rows is invalid",
    ROW_WITHOUT_COLUMN: "table rows name is invalid",
    BAD_ELEMENT_ID: "element_id is invalid",
    BAD_PERSON: "There is an invalid user resource(at/person) in your card",
    NO_SUCH_TEMPLATE: "template does not exist, "
    "please confirm whether this template has been released",
}

Path = tuple[str, ...]
ROOT: Path = ("ROOT",)


class CardError(Exception):
    """A card is refused, for the reason that ``code`` numbers."""

    def __init__(
        self,
        code: int,
        value: str = "",
        *,
        path: Path | None = None,
        meaning: str | None = None,
    ) -> None:
        self.code = code
        where = f"ErrPath: {' -> '.join(path)}; " if path else ""
        what = f"ErrMsg: {meaning or MEANING[code]}; "
        which = f"ErrorValue: {value}; " if value else ""
        self.detail = f"ErrCode: {code}; {where}{what}{which}"
        super().__init__(self.detail)

    @property
    def message(self) -> str:
        """The ``msg`` of the answer that refuses the card."""
        return f"Failed to create card content, ext={self.detail}"


def not_a_card(value: str, path: Path) -> CardError:
    """Return the general refusal, with what is wrong and where."""
    return CardError(NOT_A_CARD, f"{value}, path: {' -> '.join(path)}", path=path)
