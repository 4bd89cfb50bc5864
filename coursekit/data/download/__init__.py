"""Data sets that are downloaded once: where from, checked how, and kept where."""
