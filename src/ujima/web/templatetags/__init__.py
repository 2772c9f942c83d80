"""Template tags: `{% load ujima %}`."""
