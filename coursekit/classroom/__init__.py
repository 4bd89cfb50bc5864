"""A whole class: what learners handed in, run behind walls, judged and reported."""
