"""Model labels: what a classifier, trained on people's majority, would say of each unit.

Four ideas: a unit's fields become columns of texts, numbers and categories (`columns`); two columns
that say the same of two things become similarities (`pairs`); a classifier is trained by folds over
units, so that it never judges a unit it has learned from (`folds`); and what it says joins the
people's judgments as one more worker, whose part in every result is told (`share`).

Needs scikit-learn, in the extra `[models]`; importing this package does not.
"""
