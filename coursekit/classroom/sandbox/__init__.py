"""Run what learners wrote in children of a server that knows no answer.

`client` is the trusted side. It starts `server`, which forks one child for each
submission, and `child` is what runs there, among the stand-ins of `surroundings`.
What a child sends back are bytes until `wire` has read them, in the client.
"""
