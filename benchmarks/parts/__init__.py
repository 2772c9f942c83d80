"""What the benchmarks are made of, by noun."""
