"""The sections of `bin/bench quality`; each has `measure(report, sets, *, quick, with_peer)`."""
