"""A list of slips that fills itself: wrong answers kept apart from their exercise."""

from collections.abc import Callable
from typing import Any


class Slips(list[tuple[str, Callable[..., Any]]]):
    """Slips, each with its sentence, in the order in which they are defined.

    >>> slip = Slips()
    >>> @slip("You forgot the bias.")
    ... def bias_forgotten(layer, x, bias): ...
    >>> [(sentence, function.__name__) for sentence, function in slip]
    [('You forgot the bias.', 'bias_forgotten')]
    """

    def __call__(self, sentence: str) -> Callable[[Any], Any]:
        """Take the definition as a slip that is met with this sentence."""

        def keep(definition: Any) -> Any:
            self.append((sentence, definition))
            return definition

        return keep
