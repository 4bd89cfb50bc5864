"""What may run beside a learner's code: Python, NumPy, and no answer.

Nothing here imports another part of the course, so a process that has loaded only this
can be handed untrusted code: what is right is known in another process.
"""
