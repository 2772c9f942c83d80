"""Addresses of a provider's, the operator's and an auditor's pages."""

from django.urls import path

from ujima.web.provider import audit, cases, inviting, keeping, offers, operator, payroll, people

urlpatterns = [
    path("people", people.people, name="people"),
    path("people/invite", inviting.invite, name="invite"),
    path("people/invitations", inviting.invitations, name="invitations"),
    path("people/invitations/<uuid:invitation_id>", inviting.invited, name="invited"),
    path(
        "people/invitations/<uuid:invitation_id>/withdraw",
        inviting.withdraw,
        name="withdraw_invitation",
    ),
    path(
        "people/invitations/<uuid:invitation_id>/renew",
        inviting.renew,
        name="renew_invitation",
    ),
    path("people/centres", people.centres, name="centres"),
    path("people/centres/new", inviting.new_centre, name="new_centre"),
    path("people/<uuid:membership_id>", people.person, name="person"),
    path("people/<uuid:membership_id>/pin", people.pin, name="new_pin"),
    path("people/<uuid:membership_id>/release", people.release, name="release_sign_in"),
    path("people/<uuid:membership_id>/end", people.end, name="end_membership"),
    path("offers", offers.offers, name="offers"),
    path("offers/<uuid:channel_id>", offers.offer, name="offer"),
    path("offers/<uuid:channel_id>/accept", offers.accept, name="accept_offer"),
    path("offers/<uuid:channel_id>/decline", offers.decline, name="decline_offer"),
    path("offers/<uuid:channel_id>/units", keeping.assign, name="assign"),
    path("cases", cases.cases, name="cases"),
    path("cases/<uuid:case_id>", cases.case, name="case"),
    path("payroll", payroll.payroll, name="payroll"),
    path("payroll.csv", payroll.payroll_file, name="payroll_file"),
    path("operator/funds", operator.funds, name="operator_funds"),
    path("operator/funds/<uuid:buyer_id>/<str:kind>", operator.record, name="record_funds"),
    path("audit", audit.audit, name="audit"),
]
