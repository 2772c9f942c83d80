"""`ujima organisation`: add a buyer or a provider, and invite its first member of staff."""

import argparse
from typing import Any

from ujima.commands.store import open_store

ABOUT = """\
Sign-up is closed: organisations are added here, by whoever runs this installation. The first
member of staff gets an invitation, and invites the others on the site. The link is shown once.

  ujima organisation add "Sundarban Digital" --provider --operator --country IN \\
      --timezone Asia/Kolkata --email ruma@example.org
  ujima organisation add "Acme Search" --buyer --country US --email dana@example.org
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser(
        "organisation",
        help="add a buyer or a provider",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = sub.add_subparsers(title="what to do", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="add one and invite its first member of staff")
    add.add_argument("name")
    add.add_argument("--buyer", action="store_true", help="it buys work")
    add.add_argument("--provider", action="store_true", help="it provides work")
    add.add_argument(
        "--operator", action="store_true", help="it runs this installation and records funds"
    )
    add.add_argument("--country", default="", help="ISO 3166 code, such as IN")
    add.add_argument("--timezone", default="UTC", help="such as Asia/Kolkata (UTC)")
    add.add_argument("--email", required=True, help="of its first member of staff")
    add.add_argument("--site", default="http://localhost:8000", help="the address of this site")
    add.set_defaults(func=run)


def run(args: argparse.Namespace) -> None:
    """Add the organisation and print the invitation. Refuses BadInput."""
    with open_store():
        import django

        django.setup()
        from django.db import transaction
        from django.utils import timezone

        from ujima.people.actions.inviting import invite_first
        from ujima.people.actions.organisations import add_organisation

        with transaction.atomic():
            organisation = add_organisation(
                name=args.name,
                country=args.country,
                timezone=args.timezone,
                is_buyer=args.buyer,
                is_provider=args.provider,
                is_operator=args.operator,
                now=timezone.now(),
            )
            invitation, token = invite_first(
                organisation=organisation, email=args.email, now=timezone.now()
            )
    print(f"{args.name} is added. Its {invitation.role} joins here, within two weeks:")
    print(f"{args.site.rstrip('/')}/join/{token}")
