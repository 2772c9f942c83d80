"""Which column of a file is what: matched by a person, proposed by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ujima.work.intake.errors import BadMapping, MissingColumn
from ujima.work.labelling.model import Labelling

_KEYS = ("key", "id", "unit_id", "_unit_id", "uuid")
_GOLDS = ("gold", "gold_answer")
_REASONS = ("gold_reason", "reason")


@dataclass(frozen=True)
class Mapping:
    """How a file's columns are used. Columns that it does not name are not kept.

    columns      labelling column -> file column
    key          column of the buyer's own key; empty: the hash of the unit's data is the key
    gold         question -> column of its known answer; an empty cell means none is known
    gold_reason  column of the reason why the known answer is right; empty: none
    """

    columns: dict[str, str]
    key: str = ""
    gold: dict[str, str] = field(default_factory=dict)
    gold_reason: str = ""

    @property
    def file_columns(self) -> tuple[str, ...]:
        """Every column of the file that is used, each once."""
        used = [
            *self.columns.values(),
            self.key,
            *self.gold.values(),
            self.gold_reason,
        ]
        return tuple(dict.fromkeys(column for column in used if column))


def propose_mapping(columns: Sequence[str], labelling: Labelling) -> Mapping:
    """The mapping that the columns' names suggest; a person looks at it before it is used.

    It may lack columns of the labelling; check_mapping then says which.
    """
    by_name = {column.casefold(): column for column in reversed(columns)}

    def named(*names: str) -> str:
        return next((by_name[n.casefold()] for n in names if n.casefold() in by_name), "")

    questions = [question.name for question in labelling.questions]
    only = len(questions) == 1
    gold = {q: named(f"{q}_gold", f"gold_{q}", *(_GOLDS if only else ())) for q in questions}
    reasons = tuple(f"{q}_gold_reason" for q in questions)
    return Mapping(
        columns={c: found for c in labelling.columns if (found := named(c))},
        key=named(*(key for key in _KEYS if key not in labelling.columns)),
        gold={question: column for question, column in gold.items() if column},
        gold_reason=named(*reasons, *_REASONS),
    )


def check_mapping(
    mapping: Mapping, labelling: Labelling, columns: Sequence[str] | None = None
) -> None:
    """Make sure that a mapping serves the labelling, and the file's `columns` where known.

    Refuses: MissingColumn (place: the column), BadMapping.
    """
    for column in labelling.columns:
        if not mapping.columns.get(column):
            raise MissingColumn(
                f"The job shows “{column}”; say which column of the file it is.",
                place={"column": column},
            )
    _check_names(mapping, labelling)
    for column in mapping.file_columns if columns is not None else ():
        if column not in (columns or ()):
            raise MissingColumn(
                f"The file has no column “{column}”.",
                place={"column": column},
                columns=list(columns or ()),
            )


def _check_names(mapping: Mapping, labelling: Labelling) -> None:
    questions = {question.name for question in labelling.questions}
    for name in [
        *(set(mapping.columns) - set(labelling.columns)),
        *(set(mapping.gold) - questions),
    ]:
        raise BadMapping(f"The job has no column or question “{name}”.", place={"column": name})
    secret = {*mapping.gold.values(), mapping.gold_reason} - {""}
    for column in secret & set(mapping.columns.values()):
        raise BadMapping(
            f"The column “{column}” holds the known answer; workers would see it.",
            place={"column": column},
        )
