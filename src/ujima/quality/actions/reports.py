"""Keeping a fit's report."""

from datetime import datetime
from uuid import UUID

from ujima.quality.asked import Asked
from ujima.quality.models import Report
from ujima.quality.refit import Refit
from ujima.quality.report import REPORT_VERSION, report_of


def keep_report(*, org_id: UUID, job_id: UUID, asked: Asked, fit: Refit, now: datetime) -> None:
    """Sum up a fit and put it in the place of the one before."""
    Report.objects.update_or_create(
        job_id=job_id,
        defaults={
            "org_id": org_id,
            "at": now,
            "method_version": REPORT_VERSION,
            "input_hash": fit.input_hash,
            "judgments": fit.judgments,
            "body": report_of(asked, fit),
        },
    )
