"""Pictures to work on and to learn from, by name: photographs and labelled images.

Photographs and handwritten digits come with scikit-learn, so they are there wherever
the course is, without a network; larger sets are downloaded once, and checked.
"""

from coursekit.data.dataset import Dataset
from coursekit.data.download.stock import DataUnavailable
from coursekit.data.photos import PHOTOS, Credit, credit, photo
from coursekit.data.sets import NAMES, check_name, fetch, load, survey

__all__ = [
    "NAMES",
    "PHOTOS",
    "Credit",
    "DataUnavailable",
    "Dataset",
    "check_name",
    "credit",
    "fetch",
    "load",
    "photo",
    "survey",
]
