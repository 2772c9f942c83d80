"""Writing the ledger: the only place where transactions and their lines are made."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from ujima.pay.errors import NotEnoughFunds
from ujima.pay.ledger import AccountName, Posting
from ujima.pay.models import Account, Line, Transaction

#: only what the outside world owes may fall without limit; a buyer's floor moves with its orders
FLOORS: dict[str, int | None] = {"external": None}


def account_of(name: AccountName) -> Account:
    """The account, opened if it is new."""
    account, _ = Account.objects.get_or_create(
        kind=name.kind,
        currency=name.currency,
        org_id=name.org_id,
        owner_id=name.owner_id,
        defaults={"floor_minor": FLOORS.get(name.kind, 0)},
    )
    return account


@transaction.atomic
def post(posting: Posting, *, by: str, now: datetime, note: str = "") -> Transaction | None:
    """Write a transaction, whole and balanced; None if (kind, source) was written before.

    Refuses NotEnoughFunds if an account would fall under its floor.
    """
    accounts = {name: account_of(name) for name in sorted(posting.moves, key=str)}
    try:
        with transaction.atomic():
            written = Transaction.objects.create(
                kind=posting.kind,
                source=posting.source,
                lines=len(posting.moves),
                at=now,
                by=by,
                note=note,
            )
    except IntegrityError:
        return None
    moves = sorted(posting.moves.items(), key=lambda move: accounts[move[0]].id)
    # Locked in one order before any line, so that two transactions never wait for each other.
    ids = [accounts[name].id for name, _ in moves]
    list(Account.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True))
    Line.objects.bulk_create(
        Line(
            transaction=written,
            number=number,
            account=accounts[name],
            currency=name.currency,
            amount_minor=minor,
        )
        for number, (name, minor) in enumerate(moves, 1)
    )
    falling = [accounts[name].id for name, minor in moves if minor < 0]
    if Account.objects.filter(id__in=falling, balance_minor__lt=F("floor_minor")).exists():
        raise NotEnoughFunds
    return written
