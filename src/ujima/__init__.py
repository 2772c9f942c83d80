"""Ujima: socially responsible outsourcing of digital work.

base            money, ids, errors, periods, the embedded store
audit           the append-only log; receipts for writes that are sent twice
people          organisations, centres, persons, memberships, sign-in
work            projects, jobs, units, gold, leases, judgments
quality         truth inferred from judgments; trust in people's accuracy
pay             funding, reserve, accruals, the double-entry ledger
flows           stories that cross domains
api web phone commands    the outside world's languages
site            settings and addresses
"""
