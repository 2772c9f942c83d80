"""Benchmarks: `bin/bench NAME`. Progress goes to standard error; the last line of standard output
is one JSON object with every figure, its peer's, and its bar."""
