"""Which numbers the answers of a class are judged with.

Every learner gets inputs of their own, the same at every run. They follow from a
secret: that of the class, which its results keep, that of an exam, or a number that is
told to repeat a grading.
"""

from dataclasses import dataclass, field
from pathlib import Path

from coursekit.classroom.exam import Exam, new_secret, read_secret, seed_of

NAME = "class.secret"  # beside the results


@dataclass(frozen=True)
class Seeds:
    """The seeds of one class or exam; `said` names them in every result."""

    said: str
    secret: bytes = field(repr=False)

    def of(self, learner: str, exercise: str) -> int:
        """Return the seed for one learner's answer to one exercise."""
        return seed_of(self.secret, learner, exercise)


def of_number(number: int) -> Seeds:
    """Return seeds that anybody can make again.

    >>> of_number(1)
    Seeds(said='seed 1')
    """
    return Seeds(f"seed {number}", f"seed {number}".encode())


def of_class(folder: Path) -> Seeds:
    """Return the seeds of the class whose results are in a folder; a new one's are new.

    Raises: ExamError if the secret there is none.
    """
    path = folder / NAME
    if not path.exists():
        new_secret(path)
    exam = Exam(read_secret(path))
    return Seeds(exam.policy.replace("exam", "class"), exam.secret)


def of_exam(file: Path) -> Seeds:
    """Return the seeds of an exam from its secret file.

    Raises: ExamError if that is none.
    """
    exam = Exam(read_secret(file))
    return Seeds(exam.policy, exam.secret)
