#!/usr/bin/env python3
"""Train a small convolutional network on handwritten digits, with numpy only.

Usage: ConvNet_MNIST.py DATADIR OUTPUTDIR [options]
       ConvNet_MNIST.py DATADIR --evaluate MODEL

DATADIR holds Train-28x28_cntk_text.txt and Test-28x28_cntk_text.txt. The
trained weights are written to OUTPUTDIR/ConvNet_MNIST.npz.

Activations are kept as arrays of shape (channels, samples, height, width):
with the channels first, a convolution is a single matrix product whose result
already has the layout that the next layer reads.
"""

import argparse
import math
import os
import signal
import sys
import time
import warnings
import zipfile
from pathlib import Path
from typing import Iterator, NamedTuple, NoReturn

import numpy as np

TRAIN_NAME = "Train-28x28_cntk_text.txt"
TEST_NAME = "Test-28x28_cntk_text.txt"
MODEL_NAME = "ConvNet_MNIST.npz"

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10
MAX_SHIFT = 1
REPORT_INTERVAL = 40
TEST_BATCH_SIZE = 100

Array = np.ndarray


class UsageError(Exception):
    """What the caller handed over (data, model, folder) cannot be used."""


class TrainingError(Exception):
    """The training itself went wrong."""


# ---------------------------------------------------------------- input data


class Digits(NamedTuple):
    """Images of shape (1, samples, SIDE, SIDE) scaled to 0..1, and their classes."""

    images: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.labels)


def parse_numbers(text: bytes, name: str, count: int) -> Array:
    try:
        numbers = np.fromstring(text, dtype=np.float32, sep=" ")
    except (ValueError, DeprecationWarning):
        raise ValueError(f"|{name} holds something that is not a number") from None
    if len(numbers) != count:
        raise ValueError(f"|{name} has {len(numbers)} values, expected {count}")
    return numbers


def split_inputs(line: bytes) -> dict[bytes, bytes]:
    """Return the named inputs of one line, without its sequence id and comments."""
    sequence_id, *pieces = line.split(b"|")
    if sequence_id.strip() and not sequence_id.strip().isdigit():
        raise ValueError("the text before the first | is not a sequence id")
    inputs: dict[bytes, bytes] = {}
    for piece in pieces:
        if piece.startswith(b"#"):
            continue
        name, _, values = piece.replace(b"\t", b" ").partition(b" ")
        if name in inputs:
            raise ValueError(f"|{name.decode(errors='replace')} appears twice")
        inputs[name] = values
    return inputs


def parse_label(text: bytes) -> int:
    one_hot = parse_numbers(text, "labels", CLASSES)
    label = int(one_hot.argmax())
    if one_hot[label] != 1 or np.count_nonzero(one_hot) != 1:
        raise ValueError("|labels is not a single 1 among zeros")
    return label


def parse_features(text: bytes) -> Array:
    features = parse_numbers(text, "features", PIXELS)
    if not (features.min() >= 0 and features.max() <= 255):
        raise ValueError("|features holds a value outside 0..255")
    return features


def parse_line(line: bytes) -> tuple[int, Array] | None:
    """Return label and pixels, or None for a line that is blank or only a comment."""
    inputs = split_inputs(line)
    if not inputs and (not line.strip() or b"|" in line):
        return None
    for name in ("labels", "features"):
        if name.encode() not in inputs:
            raise ValueError(f"|{name} is missing")
    return parse_label(inputs[b"labels"]), parse_features(inputs[b"features"])


def read_samples(path: Path) -> Iterator[tuple[int, Array]]:
    with open(path, "rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                sample = parse_line(line)
            except ValueError as error:
                raise UsageError(f"{path}, line {number}: {error}") from error
            if sample is not None:
                yield sample


def read_digits(path: Path) -> Digits:
    with warnings.catch_warnings():
        # numpy only warns about text that is not a number.
        warnings.simplefilter("error", DeprecationWarning)
        try:
            samples = list(read_samples(path))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if not samples:
        raise UsageError(f"{path}: no samples in the file")
    labels, features = zip(*samples)
    images = np.stack(features).reshape(1, -1, SIDE, SIDE) / np.float32(255)
    return Digits(images, np.array(labels))


# -------------------------------------------------------------------- layers


class Parameter:
    """Weights, their gradient, and the two running means that Adam keeps."""

    def __init__(self, value: Array) -> None:
        self.value = value.astype(np.float32)
        self.gradient = np.zeros_like(self.value)
        self.mean = np.zeros_like(self.value)
        self.square_mean = np.zeros_like(self.value)


def random_weights(rng: np.random.Generator, shape: tuple[int, int]) -> Parameter:
    """Normal weights with the variance that suits a relu after `shape[1]` inputs."""
    return Parameter(rng.standard_normal(shape) * math.sqrt(2 / shape[1]))


class Layer:
    """One step of the network; `backward` turns output gradients into input gradients."""

    def parameters(self) -> dict[str, Parameter]:
        return {}

    def forward(self, inputs: Array) -> Array:
        raise NotImplementedError

    def backward(self, gradient: Array) -> Array:
        raise NotImplementedError


class Affine(Layer):
    """A layer with a weight matrix (outputs, inputs) and one bias per output."""

    def __init__(self, rng: np.random.Generator, outputs: int, inputs: int) -> None:
        self.weights = random_weights(rng, (outputs, inputs))
        self.bias = Parameter(np.zeros((outputs, 1)))

    def parameters(self) -> dict[str, Parameter]:
        return {"weights": self.weights, "bias": self.bias}

    def apply(self, columns: Array) -> Array:
        self.columns = columns
        return self.weights.value @ columns + self.bias.value

    def collect_gradients(self, gradient: Array) -> None:
        # Transposing the small factor spares a plain BLAS its slow dot products.
        self.weights.gradient = (self.columns @ np.ascontiguousarray(gradient.T)).T
        self.bias.gradient = gradient.sum(axis=1, keepdims=True)


class Convolution(Affine):
    """Square filters without padding, computed as a product with unrolled patches."""

    def __init__(
        self, rng: np.random.Generator, filters: int, channels: int, size: int, is_first: bool
    ) -> None:
        super().__init__(rng, filters, channels * size * size)
        self.size = size
        self.is_first = is_first

    def forward(self, inputs: Array) -> Array:
        self.input_shape = inputs.shape
        patches = np.lib.stride_tricks.sliding_window_view(
            inputs, (self.size, self.size), axis=(2, 3)
        ).transpose(0, 4, 5, 1, 2, 3)
        self.patch_shape = patches.shape
        columns = patches.reshape(self.weights.value.shape[1], -1)
        return self.apply(columns).reshape(-1, *self.patch_shape[3:])

    def backward(self, gradient: Array) -> Array:
        flat = gradient.reshape(len(gradient), -1)
        self.collect_gradients(flat)
        if self.is_first:
            return np.empty(0)  # nobody needs the gradient of the images
        return self.fold((self.weights.value.T @ flat).reshape(self.patch_shape))

    def fold(self, patches: Array) -> Array:
        """Add every patch back onto the place it was taken from."""
        folded = np.zeros(self.input_shape, dtype=np.float32)
        height, width = self.patch_shape[4:]
        for row in range(self.size):
            for column in range(self.size):
                target = folded[:, :, row : row + height, column : column + width]
                target += patches[:, row, column]
        return folded


class Relu(Layer):
    def forward(self, inputs: Array) -> Array:
        self.outputs = np.maximum(inputs, 0)
        return self.outputs

    def backward(self, gradient: Array) -> Array:
        return gradient * (self.outputs > 0)


class MaxPool(Layer):
    """The largest value of every 2x2 square."""

    CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))

    def forward(self, inputs: Array) -> Array:
        self.inputs = inputs
        top = np.maximum(inputs[:, :, 0::2, 0::2], inputs[:, :, 0::2, 1::2])
        bottom = np.maximum(inputs[:, :, 1::2, 0::2], inputs[:, :, 1::2, 1::2])
        self.outputs = np.maximum(top, bottom)
        return self.outputs

    def backward(self, gradient: Array) -> Array:
        """Hand each gradient to the first corner that held the largest value."""
        result = np.empty_like(self.inputs)
        remaining = gradient.copy()
        for row, column in self.CORNERS:
            is_largest = self.inputs[:, :, row::2, column::2] == self.outputs
            share = remaining * is_largest
            result[:, :, row::2, column::2] = share
            remaining -= share
        return result


class Flatten(Layer):
    """From (channels, samples, height, width) to (values, samples)."""

    def forward(self, inputs: Array) -> Array:
        channels, samples, height, width = self.input_shape = inputs.shape
        return inputs.transpose(0, 2, 3, 1).reshape(channels * height * width, samples)

    def backward(self, gradient: Array) -> Array:
        channels, samples, height, width = self.input_shape
        return gradient.reshape(channels, height, width, samples).transpose(0, 3, 1, 2)


class Dense(Affine):
    def forward(self, inputs: Array) -> Array:
        return self.apply(inputs)

    def backward(self, gradient: Array) -> Array:
        self.collect_gradients(gradient)
        return self.weights.value.T @ gradient


# ------------------------------------------------------------------- network


class Network:
    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        # A relu after the pooling gives the same values as one before it,
        # at a quarter of the work.
        self.layers: dict[str, Layer] = {
            "conv1": Convolution(rng, filters=8, channels=1, size=5, is_first=True),
            "pool1": MaxPool(),
            "relu1": Relu(),
            "conv2": Convolution(rng, filters=16, channels=8, size=5, is_first=False),
            "pool2": MaxPool(),
            "relu2": Relu(),
            "flatten": Flatten(),
            "dense1": Dense(rng, outputs=128, inputs=16 * 4 * 4),
            "relu3": Relu(),
            "dense2": Dense(rng, outputs=CLASSES, inputs=128),
        }

    def parameters(self) -> dict[str, Parameter]:
        return {
            f"{layer_name}.{name}": parameter
            for layer_name, layer in self.layers.items()
            for name, parameter in layer.parameters().items()
        }

    def forward(self, images: Array) -> Array:
        """Return one score per class and sample, of shape (CLASSES, samples)."""
        values = images
        for layer in self.layers.values():
            values = layer.forward(values)
        return values

    def backward(self, gradient: Array) -> None:
        for layer in reversed(self.layers.values()):
            gradient = layer.backward(gradient)


def cross_entropy(scores: Array, labels: Array) -> tuple[float, Array]:
    """Return the summed loss of the softmax and the gradient of the mean loss."""
    columns = np.arange(len(labels))
    shifted = scores - scores.max(axis=0)
    exponentials = np.exp(shifted)
    totals = exponentials.sum(axis=0)
    loss = float((np.log(totals) - shifted[labels, columns]).sum())
    gradient = exponentials / totals
    gradient[labels, columns] -= 1
    return loss, gradient / np.float32(len(labels))


def count_errors(scores: Array, labels: Array) -> int:
    return int(np.count_nonzero(scores.argmax(axis=0) != labels))


class Adam:
    """The Adam optimizer with a learning rate that falls to zero along a cosine."""

    MEAN_DECAY = 0.9
    SQUARE_DECAY = 0.999
    EPSILON = 1e-8

    def __init__(self, parameters: list[Parameter], learning_rate: float, steps: int) -> None:
        self.parameters = parameters
        self.learning_rate = learning_rate
        self.steps = steps
        self.step = 0

    def current_rate(self) -> float:
        """The scheduled rate, corrected for running means that started at zero."""
        scheduled = self.learning_rate * (1 + math.cos(math.pi * self.step / self.steps)) / 2
        count = self.step + 1
        correction = math.sqrt(1 - self.SQUARE_DECAY**count) / (1 - self.MEAN_DECAY**count)
        return scheduled * correction

    def update(self) -> None:
        rate = self.current_rate()
        for item in self.parameters:
            item.mean += (1 - self.MEAN_DECAY) * (item.gradient - item.mean)
            item.square_mean += (1 - self.SQUARE_DECAY) * (item.gradient**2 - item.square_mean)
            item.value -= rate * item.mean / (np.sqrt(item.square_mean) + self.EPSILON)
        self.step += 1


# --------------------------------------------------------- training, testing


class Tally:
    """Loss and errors summed over the samples seen since `started`."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.samples = 0
        self.loss = 0.0
        self.errors = 0

    def add(self, samples: int, loss: float, errors: int) -> None:
        self.samples += samples
        self.loss += loss
        self.errors += errors

    def summary(self) -> str:
        loss = self.loss / self.samples
        percent = 100 * self.errors / self.samples
        return f"loss = {loss:.6f} * {self.samples}, metric = {percent:.2f}% * {self.samples}"

    def timing(self) -> str:
        seconds = time.perf_counter() - self.started
        return f"{seconds:.3f}s ({self.samples / seconds:.1f} samples/s)"


def report(text: str) -> None:
    print(text, flush=True)


def shift_images(images: Array, rng: np.random.Generator) -> Array:
    """Move all images of a batch by the same few pixels; their borders are blank."""
    offsets = rng.integers(-MAX_SHIFT, MAX_SHIFT + 1, size=2)
    return np.roll(images, tuple(offsets), axis=(2, 3))


def train_batch(network: Network, optimizer: Adam, batch: Digits) -> tuple[float, int]:
    """Make one training step; return the summed loss and the number of errors."""
    scores = network.forward(batch.images)
    loss, gradient = cross_entropy(scores, batch.labels)
    if not math.isfinite(loss):
        raise TrainingError("the loss is not finite any more; try a lower --learning-rate")
    network.backward(gradient)
    optimizer.update()
    return loss, count_errors(scores, batch.labels)


def shuffled_batches(digits: Digits, size: int, rng: np.random.Generator) -> Iterator[Digits]:
    order = rng.permutation(len(digits))
    for start in range(0, len(digits), size):
        chosen = order[start : start + size]
        yield Digits(shift_images(digits.images[:, chosen], rng), digits.labels[chosen])


def train_epoch(network: Network, optimizer: Adam, batches: Iterator[Digits]) -> Tally:
    epoch, recent = Tally(), Tally()
    for number, batch in enumerate(batches, start=1):
        loss, errors = train_batch(network, optimizer, batch)
        epoch.add(len(batch), loss, errors)
        recent.add(len(batch), loss, errors)
        if number % REPORT_INTERVAL == 0:
            first = number - REPORT_INTERVAL + 1
            report(f" Minibatch[{first:4d}-{number:4d}]: {recent.summary()};")
            recent = Tally()
    return epoch


def train(network: Network, digits: Digits, options: argparse.Namespace) -> None:
    rng = np.random.default_rng(options.seed)
    steps = options.epochs * math.ceil(len(digits) / options.batch_size)
    parameters = network.parameters()
    optimizer = Adam(list(parameters.values()), options.learning_rate, steps)
    weight_count = sum(parameter.value.size for parameter in parameters.values())
    report(f"Training {weight_count} parameters in {len(parameters)} parameter tensors.")
    for epoch in range(1, options.epochs + 1):
        batches = shuffled_batches(digits, options.batch_size, rng)
        tally = train_epoch(network, optimizer, batches)
        report(
            f"Finished Epoch[{epoch} of {options.epochs}]: "
            f"[Training] {tally.summary()} {tally.timing()};"
        )


def test(network: Network, digits: Digits) -> None:
    errors = 0
    starts = range(0, len(digits), TEST_BATCH_SIZE)
    for start in starts:
        chosen = slice(start, start + TEST_BATCH_SIZE)
        errors += count_errors(network.forward(digits.images[:, chosen]), digits.labels[chosen])
    percent = 100 * errors / len(digits)
    report(
        f"Final Results: Minibatch[1-{len(starts)}]: errs = {percent:.2f}% * {len(digits)}"
    )
    report(f"Test accuracy: {1 - errors / len(digits):.4f}")


# --------------------------------------------------------------------- model


def save_model(network: Network, path: Path) -> None:
    """Write the weights under a temporary name and rename the complete file."""
    weights = {name: item.value for name, item in network.parameters().items()}
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as stream:
            np.savez(stream, **weights)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load_model(network: Network, path: Path) -> None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            weights = {name: stored[name] for name in network.parameters()}
    except OSError as error:
        raise UsageError(f"cannot read the model {path}: {error.strerror or error}") from error
    except (KeyError, ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
        raise UsageError(f"{path} is not a model of this network") from None
    for name, item in network.parameters().items():
        if weights[name].shape != item.value.shape:
            raise UsageError(f"{path}: {name} does not have the shape {item.value.shape}")
        item.value = weights[name].astype(np.float32)


# -------------------------------------------------------------- command line


def positive_int(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def natural_int(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def positive_float(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Train a small convolutional network on handwritten digits."
    )
    parser.add_argument("data_dir", metavar="DATADIR", type=Path,
                        help=f"folder with {TRAIN_NAME} and {TEST_NAME}")
    parser.add_argument("output_dir", metavar="OUTPUTDIR", type=Path, nargs="?",
                        help=f"folder for {MODEL_NAME}")
    parser.add_argument("--epochs", type=positive_int, default=4)
    parser.add_argument("--batch-size", type=positive_int, default=32)
    parser.add_argument("--learning-rate", type=positive_float, default=0.005)
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument("--evaluate", metavar="MODEL", type=Path,
                        help="only load this model and test it")
    options = parser.parse_args()
    if (options.output_dir is None) == (options.evaluate is None):
        parser.error("give either OUTPUTDIR or --evaluate MODEL")
    return options


def run_evaluation(options: argparse.Namespace) -> None:
    network = Network(options.seed)
    load_model(network, options.evaluate)
    test(network, read_digits(options.data_dir / TEST_NAME))


def run_training(options: argparse.Namespace) -> None:
    options.output_dir.mkdir(parents=True, exist_ok=True)
    train_digits = read_digits(options.data_dir / TRAIN_NAME)
    test_digits = read_digits(options.data_dir / TEST_NAME)
    report(f"Read {len(train_digits)} training samples and {len(test_digits)} test samples.")
    network = Network(options.seed)
    train(network, train_digits, options)
    save_model(network, options.output_dir / MODEL_NAME)
    test(network, test_digits)


def stop(signal_number: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal_number)


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    options = parse_arguments()
    try:
        if options.evaluate is not None:
            run_evaluation(options)
        else:
            run_training(options)
    except UsageError as error:
        print(f"ConvNet_MNIST.py: error: {error}", file=sys.stderr)
        return 2
    except (TrainingError, OSError) as error:
        print(f"ConvNet_MNIST.py: error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
