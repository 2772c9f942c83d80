"""What came out of the demo's job, scored with the known answers, and how to look around."""

from datetime import date
from statistics import median
from typing import Any, TextIO
from uuid import UUID

from ujima.base.money import Money
from ujima.commands.demo_cast import FIRST_AT_OPEN, RECORDED, Setting, recorded
from ujima.pay.queries import cost_of, payroll_of
from ujima.people.queries import principal_in
from ujima.quality.judgments import code
from ujima.quality.queries import results
from ujima.quality.trust import gold_interval
from ujima.quality.truth.ibcc import ibcc
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import judgments_of, units_by_id


def outcome(setting: Setting, job_id: UUID) -> dict[str, Any]:
    """The outcome as plain values. The job never saw the known answers; they are used here."""
    data = recorded()
    buyer = principal_in(UUID(setting.buyer_person), UUID(setting.buyer_id))
    payroll = principal_in(UUID(setting.payroll_person), UUID(setting.provider_id))
    job = job_of(buyer, job_id)
    found = results(job.org_id, job.id, limit=len(data.pairs))
    keys = {unit.id: unit.key for unit in units_by_id(job, [r.unit_id for r in found]).values()}
    right = sum(r.label == data.gold[keys[r.unit_id]] for r in found)
    low, _, high = gold_interval(right, len(found))
    everybody = everybodys_accuracy()
    cost = cost_of(
        job.org_id,
        job.id,
        currency=job.currency,
        provider_share_bp=job.provider_share_bp,
        fee_bp=job.fee_bp,
    )
    pay = {
        row["person_id"]: row["earned"].minor
        for row in payroll_of(payroll, date(2000, 1, 1))
        if str(row["person_id"]) in setting.people.values()
    }
    # all that were given, and so paid for: some arrive after the last fit
    judgments = sum(1 for _ in judgments_of(job.org_id, job.id))
    recorded_in_all = len(data.pairs) * RECORDED
    return {
        "units": len(data.pairs),
        "results": len(found),
        "judgments": judgments,
        "judgments_recorded": recorded_in_all,
        "saved": round(1 - judgments / recorded_in_all, 4),
        "accuracy": round(right / len(found), 4),
        "accuracy_low": round(low, 4),
        "accuracy_high": round(high, 4),
        "accuracy_with_all": round(everybody, 4),
        "currency": job.currency,
        "cost_minor": cost.total.minor,
        "wages_minor": cost.wages.minor,
        "provider_share_minor": cost.provider_share.minor,
        "fee_minor": cost.fee.minor,
        "people_paid": len(pay),
        "pay_least_minor": min(pay.values()),
        "pay_median_minor": round(median(pay.values())),
        "pay_most_minor": max(pay.values()),
        "pay_by_code_minor": {
            worker: pay.get(UUID(person), 0) for worker, person in sorted(setting.people.items())
        },
        "seconds": round(setting.seconds, 1),
    }


def everybodys_accuracy() -> float:
    """The accuracy of the same method over all the recorded judgments at once."""
    data = recorded()
    rows = [(task, who, label) for who, said in data.said.items() for task, label in said.items()]
    tasks, people, labels = zip(*rows, strict=True)
    coded = code(tasks, people, labels, ["yes", "no"])
    said = [coded.classes[label] for label in ibcc(coded.judgments).label]
    right = sum(data.gold[t] == s for t, s in zip(coded.tasks, said, strict=True))
    return float(right / len(said))


def tell(outcome: dict[str, Any], to: TextIO) -> None:
    """The outcome in words."""

    def money(name: str) -> Money:
        return Money(outcome[name], outcome["currency"])

    o = outcome
    interval = f"{o['accuracy_low']:.1%} – {o['accuracy_high']:.1%}"
    lines = {
        "Results": f"{o['results']} of {o['units']} units",
        "Judgments used": f"{o['judgments']:,} of the {o['judgments_recorded']:,} recorded "
        f"({o['saved']:.0%} were not needed)",
        "Accuracy": f"{o['accuracy']:.1%} ({interval}), by the known answers,",
        "": "which the job never saw",
        "With all 8,000": f"{o['accuracy_with_all']:.1%}, by the same method",
        "Cost": f"{money('cost_minor')}: wages {money('wages_minor')}, provider's share "
        f"{money('provider_share_minor')}, fee {money('fee_minor')}",
        "Pay": f"{o['people_paid']} people, {money('pay_least_minor')} to "
        f"{money('pay_most_minor')}, median {money('pay_median_minor')}, with what",
        "  ": f"{len(FIRST_AT_OPEN)} of them answered of the open job",
        "Replayed in": f"{o['seconds']:.0f} s (the record holds no times; minutes worked are "
        "made from",
        " ": "the length of the texts)",
    }
    print("\nWhat came out", file=to)
    for name, words in lines.items():
        print(f"  {name:<16} {words}", file=to)
    print(file=to, flush=True)


#: who each of the cast is, in words
WHO = {
    "requester": "buyer, requests work",
    "viewer": "buyer, reads results",
    "manager": "provider's manager",
    "lead": "provider's team lead",
    "payroll": "provider's payroll",
    "auditor": "provider's auditor",
    "worker": "worker",
}
HEAD = ("who", "organisation", "sign in with", "password or PIN")


def welcome(setting: Setting, address: str) -> None:
    """The address, and everybody's way in."""
    rows = [
        HEAD,
        *((WHO[in_.who], in_.organisation, in_.name, in_.secret) for in_ in setting.logins),
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    print(f"\nUjima is at {address}. Sign in as anybody:\n")
    for at, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"  {'  '.join(cells)}".rstrip())
        if not at:
            print("  " + "  ".join("-" * width for width in widths))
    print(
        f"\nStaff sign in by e-mail. Asha, the worker, chooses “I do the work”, her employer\n"
        f"{setting.provider_code} and her code “asha”.\n"
        f"{setting.provider_code} also runs this platform: its manager (Ruma) and payroll (Puja)\n"
        "record buyers' deposits, and its auditor sees the ledger.\n"
        "Rift Data is a second organisation: it must see nothing of the others.\n",
        flush=True,
    )
