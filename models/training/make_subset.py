#!/usr/bin/python3
"""Writes the first images of the Fashion-MNIST test set and their labels as idx files (gzip, byte-reproducible)."""

import argparse
import os

from idx import FASHION_MNIST, load_split, write_idx

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default=FASHION_MNIST, help="folder of the idx files (default: %(default)s)")
    parser.add_argument("--count", type=int, default=1000, help="how many images (default: %(default)s)")
    parser.add_argument("--out", default=DATA, help="folder to write to (default: models/data)")
    options = parser.parse_args()
    images, labels = load_split("test", options.dataset)
    if not 1 <= options.count <= len(images):
        parser.error(f"--count must be in 1..{len(images)}")
    for kind, array in (("images", images), ("labels", labels)):
        path = os.path.join(options.out, f"fashion-test-{options.count}-{kind}.idx.gz")
        write_idx(path, array[: options.count])
        print(f"{os.path.relpath(path)}: {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
