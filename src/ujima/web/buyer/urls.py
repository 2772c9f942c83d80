"""Addresses of the buyer's pages."""

from django.urls import path

from ujima.web.buyer import (
    bring,
    exports,
    funds,
    gold,
    job,
    job_new,
    launching,
    projects,
    results,
    team,
    tokens,
    units,
)

urlpatterns = [
    path("jobs", projects.jobs, name="jobs"),
    path("jobs/new", job_new.new, name="new_job"),
    path("jobs/instructions", job_new.instructions, name="instructions_preview"),
    path("jobs/<uuid:job_id>", job.job, name="job"),
    path("jobs/<uuid:job_id>/now", job.now_of, name="job_now"),
    path("jobs/<uuid:job_id>/draft", job_new.onward, name="job_draft"),
    path("jobs/<uuid:job_id>/title", job_new.title, name="job_title"),
    path("jobs/<uuid:job_id>/form", job_new.form, name="job_form"),
    path("jobs/<uuid:job_id>/form/preview", job_new.preview, name="job_preview"),
    path("jobs/<uuid:job_id>/units", bring.units, name="job_units"),
    path("jobs/<uuid:job_id>/units/file/<str:mark>", bring.match, name="job_file"),
    path("jobs/<uuid:job_id>/refused/<uuid:import_id>.csv", bring.refused, name="job_refused"),
    path("jobs/<uuid:job_id>/terms", job_new.terms, name="job_terms"),
    path("jobs/<uuid:job_id>/terms/estimate", job_new.estimate, name="job_estimate"),
    path("jobs/<uuid:job_id>/launch", launching.people, name="job_launch"),
    path("jobs/<uuid:job_id>/pause", job.change, {"way": "pause"}, name="job_pause"),
    path("jobs/<uuid:job_id>/resume", job.change, {"way": "resume"}, name="job_resume"),
    path("jobs/<uuid:job_id>/cancel", job.change, {"way": "cancel"}, name="job_cancel"),
    path("jobs/<uuid:job_id>/results", results.results, name="job_results"),
    path("jobs/<uuid:job_id>/units/<int:unit_id>", units.unit, name="job_unit"),
    path("jobs/<uuid:job_id>/units/<int:unit_id>/gold", gold.gold, name="job_gold"),
    path("jobs/<uuid:job_id>/export", exports.export, name="job_export"),
    path("jobs/<uuid:job_id>/export/<str:what>.<str:kind>", exports.file, name="job_export_file"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke", tokens.revoke, name="token_revoke"),
    path("funds", funds.funds, name="funds"),
    path("team", team.team, name="team"),
    path("team/<uuid:membership_id>/end", team.end, name="team_end"),
]
