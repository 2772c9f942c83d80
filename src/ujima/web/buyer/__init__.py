"""A buyer's pages: jobs from a draft to what came out, units, exports, tokens and funds."""
