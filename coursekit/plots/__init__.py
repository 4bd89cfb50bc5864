"""One function per figure: arrays in, a figure out that displays and describes itself.

A keyword names each panel: `grids(input=x, kernel=k)`. Data with a sign get a diverging
map with zero in the middle, all other data a perceptually uniform one; small arrays
show their numbers, so that nothing is told by colour alone.
"""

from coursekit.plots.architecture import architecture
from coursekit.plots.confusion import confusion
from coursekit.plots.curves import loss_curve, signals
from coursekit.plots.fields import cone, heat, places
from coursekit.plots.grids import grids, windows
from coursekit.plots.inside import sheets
from coursekit.plots.links import branches, links
from coursekit.plots.pictures import photos, responses
from coursekit.plots.scores import accuracy_curves, accuracy_dots
from coursekit.plots.shares import shares
from coursekit.plots.tasks import in_and_out
from coursekit.plots.tiles import tiles
from coursekit.plots.volumes import volumes

__all__ = [
    "accuracy_curves",
    "accuracy_dots",
    "architecture",
    "branches",
    "cone",
    "confusion",
    "grids",
    "heat",
    "in_and_out",
    "links",
    "loss_curve",
    "photos",
    "places",
    "responses",
    "shares",
    "sheets",
    "signals",
    "tiles",
    "volumes",
    "windows",
]
