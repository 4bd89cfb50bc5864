"""Pictures to work on and to learn from, by name: photographs and labelled images.

Photographs and handwritten digits come with scikit-learn, so they are there wherever
the course is, without a network.
"""

from coursekit.data.dataset import Dataset
from coursekit.data.photos import PHOTOS, Credit, credit, photo
from coursekit.data.sets import NAMES, load

__all__ = ["NAMES", "PHOTOS", "Credit", "Dataset", "credit", "load", "photo"]
