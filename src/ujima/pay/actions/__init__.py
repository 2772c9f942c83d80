"""Every write of pay: the ledger, funds and reserves, accruals and their posting."""
