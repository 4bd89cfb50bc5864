"""The data sets that are downloaded: names, mirrors, sizes, hashes. The one table.

Fashion-MNIST's MD5 sums were published with it; the SHA-256 are of files that have
them. MNIST's are those that other libraries check the same mirrors with.
"""

from __future__ import annotations

from typing import NamedTuple


class File(NamedTuple):
    """One file: as it is downloaded, and what it unpacks to. Either hash proves it."""

    name: str
    size: int
    sha256: str
    unpacked_size: int
    unpacked_sha256: str


class Source(NamedTuple):
    """One data set: its folder, its files, and where they can be downloaded."""

    name: str
    folder: str
    summary: str
    classes: tuple[str, ...]
    mirrors: tuple[str, ...]
    files: tuple[File, ...]  # images and labels to learn from, then those for tests

    @property
    def size(self) -> int:
        """Add up the bytes that are downloaded."""
        return sum(file.size for file in self.files)


FASHION_MNIST = Source(
    "fashion_mnist",
    folder="fashion-mnist",
    summary="Fashion-MNIST: 60000 + 10000 pictures of clothes, 28x28 pixels, "
    "10 classes; Zalando SE, MIT",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    files=(
        File(
            "train-images-idx3-ubyte.gz",
            26421880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            47040016,
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        File(
            "train-labels-idx1-ubyte.gz",
            29515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            60008,
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        File(
            "t10k-images-idx3-ubyte.gz",
            4422102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            7840016,
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        File(
            "t10k-labels-idx1-ubyte.gz",
            5148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            10008,
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    ),
)

MNIST = Source(
    "mnist",
    folder="mnist",
    summary="MNIST: 60000 + 10000 handwritten digits, 28x28 pixels, 10 classes; "
    "LeCun, Cortes and Burges, CC BY-SA 3.0",
    classes=tuple("0123456789"),
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    files=(
        File(
            "train-images-idx3-ubyte.gz",
            9912422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            47040016,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        File(
            "train-labels-idx1-ubyte.gz",
            28881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            60008,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        File(
            "t10k-images-idx3-ubyte.gz",
            1648877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            7840016,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        File(
            "t10k-labels-idx1-ubyte.gz",
            4542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            10008,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
)

SOURCES = {source.name: source for source in (FASHION_MNIST, MNIST)}


def owner(sha256: str) -> str:
    """Say which known file has this hash, packed or unpacked; "" if none has.

    >>> owner(MNIST.files[3].unpacked_sha256)
    "t10k-labels-idx1-ubyte.gz of 'mnist'"
    """
    for source in SOURCES.values():
        for file in source.files:
            if sha256 in (file.sha256, file.unpacked_sha256):
                return f"{file.name} of {source.name!r}"
    return ""
