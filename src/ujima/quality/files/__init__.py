"""A file of judgments inferred as a whole: what `ujima infer` does.

Each kind of answer reads its own columns, infers them, writes rows like those it read, and scores
them where true answers are given. `run.infer_file` puts these together.
"""
