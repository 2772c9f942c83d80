"""Answers that are not one choice: numbers, texts, spans, boxes, pairs, several choices.

Each kind has one pure function from coded judgments to a `Consensus`: an answer a task, how sure it
is, and what each worker's answers were worth. Choices themselves are `ujima.quality.truth`.
"""
