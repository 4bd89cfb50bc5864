"""Write what an instructor gives back: grades, a page for each learner, a report."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from coursekit import files
from coursekit.classroom.alike import Alike, alike, known
from coursekit.classroom.feedback import feedback
from coursekit.classroom.grades import Grades
from coursekit.classroom.overview import report_html, report_text
from coursekit.classroom.page import file_name
from coursekit.classroom.reader.cells import Unreadable, cells
from coursekit.classroom.reader.handed import handed
from coursekit.classroom.reader.program import program
from coursekit.classroom.results import Store
from coursekit.classroom.rules import POLICY, Rules
from coursekit.classroom.survey import survey

FEEDBACK = "feedback"  # the folder of the learners' pages


def write(folder: Path, store: Store, rules: Rules, submissions: Path) -> Grades:
    """Put grades.csv, report.html, report.txt and feedback/ into a folder.

    The policy that made the grades is put beside them, for the next time. Each file is
    put in its place whole; what is there of the same name is replaced.
    """
    grades = rules.grades(store.results(findings=False))
    grades.write(folder)
    if rules.policy_file:
        files.put(folder / POLICY, rules.policy_file.read_bytes())
    places = defaultdict(list)
    for (learner, file), person in grades.matches.owners.items():
        places[person.id].append((learner, file))
    for row in grades.rows:
        results = (one for place in places[row.person.id] for one in store.of(*place))
        name = folder / FEEDBACK / file_name(row.person.id)
        files.put(name, feedback(row, results).encode())
    told = survey(grades, store.results(findings=False))
    similar = _alike(grades, rules, submissions)
    files.put(folder / "report.html", report_html(told, similar).encode())
    files.put(folder / "report.txt", report_text(told, similar).encode())
    return grades


def _alike(grades: Grades, rules: Rules, submissions: Path) -> Alike:
    """Compare the answers that count, by their texts."""
    given = {one.id: known(one) for one in rules.loaded(grades.exercises)}
    return alike(_texts(grades, submissions), given)


def _texts(grades: Grades, submissions: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (person, exercise, text) for each answer that made a grade."""
    made = defaultdict(list)
    for row in grades.rows:
        for grade in row.grades:
            if grade.file:
                made[grade.file].append((str(row.person), grade.exercise))
    for one in handed(submissions):
        if not (wanted := made.get(one.name)):
            continue
        try:
            found = program(*cells(one.read(), one.name))
        except Unreadable:
            continue
        for person, exercise in wanted:
            if text := found.text_of(exercise):
                yield person, exercise, text
