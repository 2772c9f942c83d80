"""Who somebody is, and who belongs to an organisation, for those who may see it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ujima.base.errors import Forbidden, NotFound
from ujima.base.hot import hot
from ujima.people.errors import BadToken, NotAMember
from ujima.people.models import (
    ApiToken,
    Centre,
    Device,
    Identity,
    Invitation,
    Membership,
    Organisation,
)
from ujima.people.secrets import hash_of
from ujima.people.standing import POWERS, SCOPES, Principal, Worker

#: from the token on, whatever the planner thinks of the number of workers
_DEVICE = """
with device as materialized (
    select id, membership_id from people_device
    where token_hash = %(hash)s and revoked_at is null
)
select m.person_id, m.id, m.organisation_id, m.centre_id, o.timezone, d.id
from device d join people_membership m on m.id = d.membership_id
join people_organisation o on o.id = m.organisation_id
where m.ended_at is null and m.role is not distinct from 'worker'
"""


def worker_by_token(token: str) -> Worker:
    """The worker whose phone carries this token. Refuses BadToken."""
    rows = hot(_DEVICE, {"hash": hash_of(token)})
    if not rows:
        raise BadToken
    return Worker(*rows[0])


def worker_of(membership: Membership) -> Worker:
    """A worker's standing from her membership."""
    return Worker(
        membership.person_id,
        membership.id,
        membership.organisation_id,
        membership.centre_id,
        membership.organisation.timezone,
    )


def standing_of(membership_id: UUID) -> Worker:
    """A worker's standing under a membership of hers, ended ones too: what she took she is paid."""
    return worker_of(Membership.objects.select_related("organisation").get(id=membership_id))


def live_memberships(person_id: UUID) -> list[Membership]:
    """Where a person belongs now."""
    return list(
        Membership.objects.filter(person_id=person_id, ended_at=None)
        .select_related("organisation", "person", "centre")
        .order_by("organisation__name", "role")
    )


def worker_membership(person_id: UUID, provider_id: UUID | None = None) -> Membership | None:
    """A person's membership as a worker, at this provider or at the first."""
    return next(
        (
            m
            for m in live_memberships(person_id)
            if m.role == "worker" and provider_id in (None, m.organisation_id)
        ),
        None,
    )


def principal_in(person_id: UUID, org_id: UUID) -> Principal:
    """A member of staff in one organisation, with all her roles there. Refuses NotAMember."""
    own = [m for m in live_memberships(person_id) if m.organisation_id == org_id]
    staff = [m for m in own if m.role != "worker"]
    if not staff:
        raise NotAMember
    return _principal(staff)


def staff_places(person_id: UUID) -> list[Organisation]:
    """The organisations in which a person has a staff role."""
    found = {
        m.organisation_id: m.organisation for m in live_memberships(person_id) if m.role != "worker"
    }
    return list(found.values())


def principal_by_token(token: str, now: datetime) -> Principal:
    """The program that carries this token. Refuses BadToken."""
    found = (
        ApiToken.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), token_hash=hash_of(token), revoked_at=None
        )
        .select_related("membership__organisation")
        .first()
    )
    if not found or found.membership.ended_at:
        raise BadToken
    whole = _principal([found.membership])
    granted = frozenset().union(*(SCOPES[scope] for scope in found.scopes))
    return Principal(
        person_id=whole.person_id,
        membership_id=whole.membership_id,
        org_id=whole.org_id,
        org_name=whole.org_name,
        roles=whole.roles,
        powers=whole.powers & granted,
        token_id=found.id,
        is_operator=whole.is_operator,
        timezone=whole.timezone,
    )


def _principal(memberships: list[Membership]) -> Principal:
    first = memberships[0]
    roles = frozenset(m.role for m in memberships)
    return Principal(
        person_id=first.person_id,
        membership_id=first.id,
        org_id=first.organisation_id,
        org_name=first.organisation.name,
        roles=roles,
        powers=frozenset().union(*(POWERS[role] for role in roles)),
        centre_id=first.centre_id,
        is_operator=first.organisation.is_operator,
        timezone=first.organisation.timezone,
    )


#: the roles of those who buy work; the rest of an organisation's people are not theirs to see
TEAM = ("requester", "viewer", "auditor")


def team_of(by: Principal) -> QuerySet[Membership]:
    """Those who buy work for an organisation, for whoever runs that team."""
    if not by.may("run_team"):
        raise Forbidden
    found = Membership.objects.filter(organisation_id=by.org_id, ended_at=None, role__in=TEAM)
    return found.select_related("person__identity").order_by("id")


def team_member(by: Principal, membership_id: UUID) -> Membership:
    """One of a buyer's team. Refuses NotFound."""
    found = team_of(by).filter(id=membership_id).first()
    if not found:
        raise NotFound("There is no such person in your team.")
    return found


def members_of(by: Principal, role: str = "", search: str = "") -> QuerySet[Membership]:
    """The people of an organisation. A team lead sees those of her own centre."""
    if not by.may("see_people"):
        raise Forbidden
    found = Membership.objects.filter(organisation_id=by.org_id, ended_at=None)
    if by.roles == {"lead"} and by.centre_id:
        found = found.filter(centre_id=by.centre_id)
    if role:
        found = found.filter(role=role)
    if search:
        found = found.filter(
            Q(worker_code__icontains=search) | Q(person__identity__chosen_name__icontains=search)
        )
    return found.select_related("person__identity", "centre").order_by("id")


def member_of(by: Principal, membership_id: UUID) -> Membership:
    """One person's membership in one's own organisation. Refuses NotFound."""
    found = members_of(by).filter(id=membership_id).select_related("organisation").first()
    if not found:
        raise NotFound("There is no such person in your organisation.")
    return found


def people_by_code(
    by: Principal, codes: list[str] | None = None, centres: set[UUID] | None = None
) -> dict[str, UUID]:
    """Worker code -> person, for one's own workers: those with these codes, or all; of these
    centres and groups, or of any."""
    rows = members_of(by, role="worker")
    if codes is not None:
        rows = rows.filter(worker_code__in=codes)
    if centres is not None:
        rows = rows.filter(centre_id__in=centres)
    return dict(rows.values_list("worker_code", "person_id"))


def names_of(by: Principal, people: list[UUID]) -> dict[UUID, str]:
    """The names that one's own people chose."""
    rows = members_of(by).filter(person_id__in=people)
    return dict(rows.values_list("person_id", "person__identity__chosen_name"))


@dataclass(frozen=True, slots=True)
class Named:
    """One of a provider's workers, as her colleagues know her."""

    code: str
    name: str


def workers_by_person(by: Principal, people: list[UUID]) -> dict[UUID, Named]:
    """One's own workers among these people; of the others nothing is told."""
    rows = members_of(by, role="worker").filter(person_id__in=people)
    found = rows.values_list("person_id", "worker_code", "person__identity__chosen_name")
    return {person: Named(code, name) for person, code, name in found}


@dataclass(frozen=True, slots=True)
class Payee:
    """One of a provider's people as payroll knows her, also after she has left."""

    name: str
    code: str
    centre: str


def payees(by: Principal, people: list[UUID]) -> dict[UUID, Payee]:
    """Whom payroll pays: her own provider's people, those too who have left. Refuses Forbidden."""
    if not by.may("see_pay"):
        raise Forbidden
    rows = (
        Membership.objects.filter(organisation_id=by.org_id, person_id__in=people, role="worker")
        .order_by("started_at")
        .values_list("person_id", "person__identity__chosen_name", "worker_code", "centre__name")
    )
    return {person: Payee(name, code, centre or "") for person, name, code, centre in rows}


def actor_names(by: Principal, actors: Iterable[str]) -> dict[str, str]:
    """Names for the actors of one's own organisation's log, for whoever may see it: people, also
    those who have left, and programs by their key; those of other organisations are left out."""
    if not by.may("see_audit"):
        raise Forbidden
    ids = _ids_by_kind(actors)
    people = Membership.objects.filter(
        organisation_id=by.org_id, id__in=ids.get("membership", ())
    ).values_list("id", "person__identity__chosen_name")
    programs = ApiToken.objects.filter(
        organisation_id=by.org_id, id__in=ids.get("token", ())
    ).values_list("id", "name")
    return {
        **{f"membership:{member}": name for member, name in people},
        **{f"token:{token}": name for token, name in programs},
    }


def subject_names(by: Principal, subjects: Iterable[str]) -> dict[str, str]:
    """Names for what one's own organisation's log tells of: its people, centres, invitations and
    keys; organisations by their public name."""
    ids = _ids_by_kind(subjects)
    found = actor_names(by, subjects)
    own = {"organisation_id": by.org_id}
    for centre in Centre.objects.filter(id__in=ids.get("centre", ()), **own):
        found[f"centre:{centre.id}"] = centre.name
    for invitation in Invitation.objects.filter(id__in=ids.get("invitation", ()), **own):
        found[f"invitation:{invitation.id}"] = (
            invitation.name or invitation.worker_code or invitation.email
        )
    for organisation in Organisation.objects.filter(id__in=ids.get("organisation", ())):
        found[f"organisation:{organisation.id}"] = organisation.name
    return found


def _ids_by_kind(names: Iterable[str]) -> dict[str, list[UUID]]:
    """The ids in names such as `membership:01a0…`, by what stands before the colon."""
    found: dict[str, list[UUID]] = {}
    for name in dict.fromkeys(names):
        kind, _, text = name.partition(":")
        with suppress(ValueError):
            found.setdefault(kind, []).append(UUID(text))
    return found


def who_acts(by: Principal) -> dict[str, str]:
    """The staff of an organisation, with those who have left, and its programs, by name: whose
    entries its auditor may ask the log for. Actor -> name. Refuses Forbidden."""
    if not by.may("see_audit"):
        raise Forbidden
    people = (
        Membership.objects.filter(organisation_id=by.org_id)
        .exclude(role="worker")
        .order_by("person__identity__chosen_name", "id")
        .values_list("id", "person__identity__chosen_name")
    )
    programs = ApiToken.objects.filter(organisation_id=by.org_id).order_by("name", "id")
    return {
        **{f"membership:{member}": name for member, name in people},
        **{f"token:{token}": name for token, name in programs.values_list("id", "name")},
    }


def in_charge(by: Principal) -> list[str]:
    """The names of those who say in one's own organisation who may do what: its managers where it
    provides work, else those who request it. For whoever must ask one of them."""
    rows = Membership.objects.filter(organisation_id=by.org_id, ended_at=None)
    found = {
        role: list(names.values_list("person__identity__chosen_name", flat=True))
        for role in ("manager", "requester")
        for names in [rows.filter(role=role).exclude(person_id=by.person_id).order_by("id")[:3]]
    }
    return found["manager"] or found["requester"]


def name_of(person_id: UUID) -> str:
    """The name a person chose, for herself."""
    found = Identity.objects.filter(person_id=person_id).first()
    return found.chosen_name if found else ""


def email_of(person_id: UUID) -> str:
    """The address with which a person signs in, for herself; empty if she has none."""
    found = Identity.objects.filter(person_id=person_id).first()
    return (found.email if found else "") or ""


def centres_of(by: Principal) -> list[Centre]:
    """The centres and home-based groups of one's own organisation."""
    return list(Centre.objects.filter(organisation_id=by.org_id).order_by("name"))


def workers_at(by: Principal) -> dict[UUID | None, int]:
    """How many workers each centre and home-based group has, of those whom one may see; None
    stands for those who belong to none."""
    rows = members_of(by, role="worker").order_by().values_list("centre_id")
    return dict(rows.annotate(Count("id")))


def providers() -> list[Organisation]:
    """Every provider, to whom a buyer may offer a job; their names are public."""
    return list(Organisation.objects.filter(is_provider=True).order_by("name"))


def provider(provider_id: UUID) -> Organisation:
    """One provider. Refuses NotFound."""
    found = Organisation.objects.filter(is_provider=True, id=provider_id).first()
    if not found:
        raise NotFound("There is no such provider.")
    return found


def centres_of_provider(provider_id: UUID) -> list[Centre]:
    """A provider's centres and groups, by name and kind, as a buyer may choose among them."""
    return list(Centre.objects.filter(organisation_id=provider_id).order_by("name"))


def centres_at(provider_id: UUID, people: list[UUID]) -> dict[UUID, Centre | None]:
    """At which centre or home-based group each of a provider's people works, ended memberships
    too; for counts by centre."""
    rows = Membership.objects.filter(
        organisation_id=provider_id, person_id__in=people, role="worker"
    ).select_related("centre")
    return {row.person_id: row.centre for row in rows}


def organisation_names(ids: list[UUID]) -> dict[UUID, str]:
    """The names of organisations."""
    return dict(Organisation.objects.filter(id__in=ids).values_list("id", "name"))


def buyers(by: Principal) -> list[Organisation]:
    """Every buyer, for the operator's staff who record funds. Refuses Forbidden."""
    if not (by.is_operator and by.may("record_funds")):
        raise Forbidden
    return list(Organisation.objects.filter(is_buyer=True).order_by("name"))


def invitations_of(by: Principal) -> list[Invitation]:
    """Open invitations of one's own organisation, newest first."""
    if not (by.may("invite") or by.may("run_team")):
        raise Forbidden
    found = Invitation.objects.filter(
        organisation_id=by.org_id, accepted_at=None, withdrawn_at=None
    )
    if not by.may("invite"):
        found = found.filter(role__in=TEAM)
    return list(found.order_by("-invited_at"))


def invitation_by_token(token: str, now: datetime) -> Invitation | None:
    """An invitation that can still be accepted, for whoever holds its token."""
    return (
        Invitation.objects.filter(
            token_hash=hash_of(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now
        )
        .select_related("organisation")
        .first()
    )


def devices_of(membership: Membership) -> list[Device]:
    """The phones that may speak for a worker, for herself, newest first."""
    return list(membership.devices.filter(revoked_at=None).order_by("-issued_at"))


def tokens_of(by: Principal) -> list[ApiToken]:
    """The programs' keys of one's own organisation, newest first."""
    if not by.may("make_tokens"):
        raise Forbidden
    return list(
        ApiToken.objects.filter(organisation_id=by.org_id, revoked_at=None).order_by("-issued_at")
    )
