"""Those who buy work for an organisation: who they are, and letting one of them go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ujima.flows.leaving import end_membership
from ujima.people.queries import name_of, team_member, team_of
from ujima.web.gates import StaffRequest, staff

#: what each role may do, in words
MAY = {
    "requester": gettext_lazy("Makes jobs, sees results and funds, makes keys, invites"),
    "viewer": gettext_lazy("Sees jobs and results, changes nothing"),
    "auditor": gettext_lazy("Sees what was done, changes nothing"),
}


@staff("run_team")
@require_safe
def team(request: StaffRequest) -> HttpResponse:
    """The team, in the order in which they came."""
    by = request.principal
    rows = [
        {"member": member, "may": MAY[member.role], "is_self": member.id == by.membership_id}
        for member in team_of(by)
    ]
    return render(request, "ujima/buyer/team.html", {"rows": rows})


@staff("run_team")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Let somebody go, after a look at what follows from it."""
    member = team_member(request.principal, membership_id)
    name = name_of(member.person_id)
    if request.method == "POST":
        end_membership(by=request.principal, membership_id=membership_id, now=clock())
        messages.success(request, _("%(name)s is no longer in the team.") % {"name": name})
        return redirect("web:team")
    return render(
        request,
        "ujima/confirm.html",
        {
            "title": _("Take %(name)s out of the team?") % {"name": name},
            "text": _(
                "This person can no longer sign in here, and the keys that she or he made stop at "
                "once. Jobs, results and what was done stay. To come back needs a new invitation."
            ),
            "action_label": _("Take out"),
            "cancel_url": "/team",
            "danger": True,
        },
    )
