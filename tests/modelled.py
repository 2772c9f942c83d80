"""Jobs in which model labels can join: units whose fields tell the answer, and people who judge."""

from datetime import timedelta
from uuid import uuid4

from tests.cast import NOW, Cast, launched_job, says, send, take

from ujima.flows import model_labels, settle
from ujima.work.models import Job, Unit

LATER = NOW + timedelta(minutes=5)
UNITS = 100
TERMS = {
    "judgments_min": 3,
    "judgments_max": 4,
    "confidence_target": 0.9,
    "page_size": 50,
    "gold_share_bp": 5000,
}


def is_yes(key: str) -> bool:
    """The true answer of a unit, by its key."""
    return int(key.removeprefix("k")) % 2 == 0


def judged_job(cast: Cast, *, people: int = 3, golds: int = 0, wants: bool = True) -> Job:
    """Each of so many people judges each unit, and is wrong on every fifth, in turn."""
    job = launched_job(cast, units=UNITS, golds=golds, model_labels=wants, **TERMS)
    for unit in Unit.objects.filter(job_id=job.id):
        other = "red apple" if is_yes(unit.key) else "blue boat"
        unit.data = {"text": f"red apple {unit.key}", "statement": f"{other} {unit.key}"}
        unit.save()
    for turn, worker in enumerate(list(cast.workers.values())[:people]):
        device = uuid4()
        while (page := take(worker, job)).units:
            answers = []
            for number, data in page.units:
                at = int(data["text"].rsplit("k", 1)[1])
                yes = (at % 2 == 0) != ((at + turn) % 5 == 0)
                answers.append(says(number, 1000 * at + number, "yes" if yes else "no"))
            assert set(send(worker, page, answers, device=device)) == {"kept"}
    return job


def settled(job: Job, *, is_over: bool = False) -> None:
    """A fit, and if it is due a model and one more fit. When the job's time is over, what was
    judged gets its result, however sure."""
    if is_over:
        Job.objects.filter(id=job.id).update(deadline=LATER)
    settle.settle(job_id=job.id, now=LATER)
    if model_labels.is_due(job.id):
        model_labels.train(job_id=job.id, now=LATER)
        settle.settle(job_id=job.id, now=LATER)
