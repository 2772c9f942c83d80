"""How units come in from files: streamed, bounded in memory, every refused row with its reason.

Five ideas: a file is read as `chunks` of UTF-8 (`encoding`), as `records` (`csv_rows`,
`json_rows`, chosen in `formats`), and each record becomes a unit by a `Mapping` (`units`). A row
that cannot be used is a `RefusedRow` and the rest goes on; a file that cannot be understood is a
`BadFile` and nothing of it is to be kept. `preview` shows the first rows before any of it.
"""
