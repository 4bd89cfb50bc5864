"""What a photograph that does not exist says."""

import re
from collections.abc import Callable

import pytest

from coursekit import data


@pytest.mark.parametrize("ask", [data.photo, data.credit])
def test_an_unknown_photograph_is_answered_with_the_known_ones(
    ask: Callable[[str], object],
) -> None:
    message = "There is no photograph called 'lena'. There are 2: 'china', 'flower'."
    with pytest.raises(ValueError, match=re.escape(message)):
        ask("lena")
