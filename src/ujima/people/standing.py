"""Who somebody is in a request: plain facts that every query and action is given."""

from dataclasses import dataclass
from uuid import UUID

#: what each role may do; a check asks for one of these words, never for a role
POWERS: dict[str, frozenset[str]] = {
    "requester": frozenset(
        {
            "see_jobs", "make_jobs", "see_results", "review", "see_funds", "make_tokens",
            "run_team",
        }
    ),
    "viewer": frozenset({"see_jobs", "see_results"}),
    "manager": frozenset(
        {
            "see_people", "invite", "answer_offers", "see_quality", "see_offers", "make_tokens",
            "record_funds", "reset_pins", "assign_units",
        }
    ),
    "lead": frozenset(
        {"see_people", "see_quality", "see_offers", "reset_pins", "assign_units"}
    ),
    "trainer": frozenset({"see_people", "see_quality"}),
    "payroll": frozenset({"see_people", "see_pay", "see_offers", "record_funds", "make_tokens"}),
    "worker": frozenset({"work"}),
    "auditor": frozenset({"see_people", "see_offers", "see_ledger", "see_audit"}),
}  # fmt: skip
SCOPES: dict[str, frozenset[str]] = {
    "jobs:read": frozenset({"see_jobs"}),
    "jobs:write": frozenset({"see_jobs", "make_jobs"}),
    "results:read": frozenset({"see_jobs", "see_results"}),
    "results:write": frozenset({"see_jobs", "see_results", "review"}),
    "funds:read": frozenset({"see_funds"}),
    "offers:read": frozenset({"see_offers"}),
    "offers:write": frozenset({"see_offers", "answer_offers", "assign_units"}),
    "people:read": frozenset({"see_people"}),
    "people:write": frozenset({"see_people", "invite"}),
    "pay:read": frozenset({"see_pay"}),
    "quality:read": frozenset({"see_quality"}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """One member of staff, or a program, in one organisation, with what it may do there."""

    person_id: UUID
    membership_id: UUID
    org_id: UUID
    org_name: str
    roles: frozenset[str]
    powers: frozenset[str]
    centre_id: UUID | None = None
    token_id: UUID | None = None
    is_operator: bool = False
    timezone: str = "UTC"

    def may(self, power: str) -> bool:
        return power in self.powers

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"token:{self.token_id}" if self.token_id else f"membership:{self.membership_id}"


@dataclass(frozen=True, slots=True)
class Worker:
    """A person at work for one provider."""

    person_id: UUID
    membership_id: UUID
    provider_id: UUID
    centre_id: UUID | None
    timezone: str
    device_id: UUID | None = None

    @property
    def actor(self) -> str:
        return f"membership:{self.membership_id}"
