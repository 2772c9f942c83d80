"""Files of judgments as coded arrays: CSV, JSONL, JSON and Parquet, read as a stream.

`judgments_file.read` gives a `Table`: tasks, workers and values as integers from 0 with the names
behind them, and everything that was found wrong with its count and its places. Nothing is dropped
in silence. None of it needs Django.
"""
