"""What a worker sees and what she may answer: a declared subset of Label Studio's XML.

Five ideas: a config is read once into a `Labelling` (`config.parse`); its *blocks* are what a
worker sees, in order (`blocks`); its *columns* are what a unit's data must hold; its *questions*
are what she is asked; an *answer* is checked against them (`answers.check_answer`). `results`
speaks Label Studio's form of an answer.
"""
