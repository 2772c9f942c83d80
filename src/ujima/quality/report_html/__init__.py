"""A run of inference as one HTML file that stands alone.

`page.page` makes it from a `Report` of plain values: no script, nothing loaded, light and dark,
from 360 px up. `values` says what a `Report` holds; `pictures` draws. None of it needs Django.
"""
