"""A worker's pages: offers, units, earnings, herself. All of it works without JavaScript."""
