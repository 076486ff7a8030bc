#!/usr/bin/env python3
"""Write the packed handwritten digits as two files in the CNTK text format.

Usage: make_mnist.py OUTDIR
"""

import argparse
import lzma
import os
import struct
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

ARCHIVE = Path(__file__).resolve().parent / "data" / "mnist-8630.xz"
MAGIC = b"DIGITS1\n"
COUNTS = struct.Struct(">II")
CLASSES = 10
PIXELS = 28 * 28
TRAIN_NAME = "Train-28x28_cntk_text.txt"
TEST_NAME = "Test-28x28_cntk_text.txt"

NUMBER_TEXT = [str(value) for value in range(256)]
LABEL_TEXT = [
    " ".join("1" if column == digit else "0" for column in range(CLASSES))
    for digit in range(CLASSES)
]


class ArchiveError(Exception):
    """The packed digits cannot be used."""


class DigitSet(NamedTuple):
    """One label byte and PIXELS grey values for every digit."""

    labels: bytes
    pixels: bytes


def read_archive(path: Path) -> tuple[DigitSet, DigitSet]:
    """Return the training digits and the test digits."""
    try:
        content = lzma.decompress(path.read_bytes())
    except lzma.LZMAError as error:
        raise ArchiveError(f"{path}: damaged: {error}") from error
    header_size = len(MAGIC) + COUNTS.size
    if len(content) < header_size or not content.startswith(MAGIC):
        raise ArchiveError(f"{path}: not a file of packed digits")
    train_count, test_count = COUNTS.unpack_from(content, len(MAGIC))
    total = train_count + test_count
    expected = header_size + total * (1 + PIXELS)
    if len(content) != expected:
        raise ArchiveError(f"{path}: {len(content)} bytes unpacked, expected {expected}")
    labels = content[header_size : header_size + total]
    pixels = content[header_size + total :]
    if max(labels, default=0) >= CLASSES:
        raise ArchiveError(f"{path}: a label is not a digit")
    split = train_count * PIXELS
    return (
        DigitSet(labels[:train_count], pixels[:split]),
        DigitSet(labels[train_count:], pixels[split:]),
    )


def text_lines(digits: DigitSet) -> Iterator[str]:
    for index, label in enumerate(digits.labels):
        image = digits.pixels[index * PIXELS : (index + 1) * PIXELS]
        features = " ".join(map(NUMBER_TEXT.__getitem__, image))
        yield f"|labels {LABEL_TEXT[label]} |features {features}\n"


def write_atomically(path: Path, digits: DigitSet) -> None:
    """Fill a temporary neighbour of `path` and rename it when it is complete."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "w", encoding="ascii", newline="\n") as stream:
            stream.writelines(text_lines(digits))
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text_files(out_dir: Path) -> None:
    train, test = read_archive(ARCHIVE)
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, digits in ((TRAIN_NAME, train), (TEST_NAME, test)):
        write_atomically(out_dir / name, digits)
        print(f"Wrote {out_dir / name} ({len(digits.labels)} digits)")


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Write handwritten digits for training and testing in the CNTK text format."
    )
    parser.add_argument("outdir", metavar="OUTDIR", type=Path, help="folder for the two files")
    arguments = parser.parse_args()
    try:
        write_text_files(arguments.outdir)
    except (ArchiveError, OSError) as error:
        print(f"make_mnist.py: error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
