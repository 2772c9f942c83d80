"""Truth inferred from a whole job's judgments at once. Arrays in, one frozen result out.

Every method takes `Judgments` and gives a `Truth`; none needs Django.
"""
