"""Reading and writing idx files (the format of MNIST and Fashion-MNIST), gzip-compressed."""

import gzip
import os
import struct

import numpy as np

# Where Debian's package dataset-fashion-mnist puts its files.
FASHION_MNIST = "/usr/share/datasets/fashion-mnist"
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}
UNSIGNED_BYTE = 8


def read_idx(path):
    """The uint8 array in a gzip-compressed idx file. Raises ValueError for any other content."""
    with gzip.open(path, "rb") as file:
        data = file.read()
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE:
        raise ValueError(f"{path}: not an idx file of unsigned bytes")
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * rank)
    if values.size != int(np.prod(shape)):
        raise ValueError(f"{path}: the header says {shape}, the file holds {values.size} values")
    return values.reshape(shape)


def write_idx(path, array):
    """Writes a uint8 array; the same array always gives the same bytes (no time stamp, no file name inside)."""
    if array.dtype != np.uint8:
        raise ValueError(f"{path}: expected uint8, got {array.dtype}")
    header = bytes([0, 0, UNSIGNED_BYTE, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(header + array.tobytes())


def load_split(split, folder=FASHION_MNIST):
    """Images [N][28][28] and labels [N], both uint8, of `train` (60,000) or `test` (10,000)."""
    images, labels = (read_idx(os.path.join(folder, name)) for name in FILES[split])
    if len(images) != len(labels):
        raise ValueError(f"{folder}: {len(images)} {split} images but {len(labels)} labels")
    return images, labels
