"""Pay: funding, the reserve, accruals, and the double-entry ledger.

Funding is a recorded deposit or a purchase order with a limit. Launching a job moves its whole
cost into the job's reserve. Each accepted judgment is one accrual, at the price that was shown;
accruals are posted in batches into the ledger, whose transactions sum to zero and never change.
"""
