#!/usr/bin/python3
"""Trains a classifier of network.py on Fashion-MNIST and saves a checkpoint after every epoch; resumes from the last one.

One process of one thread. What counts is the running average of the weights after the last epoch: the test images
choose nothing, they are only looked at.
"""

import argparse
import copy
import math
import os
import time

import torch
import torch.nn.functional as functional

from augment import erase, resized, shift_and_flip
from idx import FASHION_MNIST, load_split
from network import FAMILIES, Classifier, count_macs, count_parameters
from start import start_from

GROWTH = 0.6  # share of the epochs after which images have their full size
LOOK_EVERY = 5  # epochs between two looks at the test images


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--work", required=True, help="folder for checkpoints, outside the repository")
    parser.add_argument("--dataset", default=FASHION_MNIST, help="folder of the idx files")
    parser.add_argument("--family", choices=FAMILIES, default=FAMILIES[0], help="kind of network")
    parser.add_argument("--group", type=int, default=8, help="G: input channels of a group (VarGNet)")
    parser.add_argument("--channels", type=int, default=16, help="channels after conv1, for VarGNet a multiple of G")
    parser.add_argument("--normals", type=int, nargs="+", default=[1, 2], help="blocks after the first of each stage")
    parser.add_argument("--features", type=int, default=128, help="channels of the last 1x1 convolution")
    parser.add_argument("--epochs", type=int, default=16, help="length of the cosine schedule")
    parser.add_argument("--batch", type=int, default=128, help="images per step")
    parser.add_argument("--rate", type=float, default=0.1, help="peak learning rate")
    parser.add_argument("--decay", type=float, default=5e-4, help="weight decay")
    parser.add_argument("--smoothing", type=float, default=0.1, help="label smoothing")
    parser.add_argument("--erase", type=float, default=0.25, help="probability that part of an image is erased")
    parser.add_argument("--smallest", type=int, default=16, help="pixels of a side in the first epoch, even")
    parser.add_argument("--start", help="float ONNX file of a network with fewer Normal blocks to begin with")
    parser.add_argument("--average", type=float, default=0.99, help="weight of the past in the running average, per step")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--steps", type=int, help="stop every epoch after this many steps (a smoke test)")
    return parser.parse_args()


def tensors(split, folder):
    """uint8 images [N][28][28] and int64 labels [N]."""
    images, labels = load_split(split, folder)
    return torch.from_numpy(images.copy()), torch.from_numpy(labels.copy()).long()


def prepare(images):
    """What the network sees of uint8 images [N][28][28]: [N][1][28][28], pixel / 255, nothing subtracted (so a
    quantised input is the pixel itself)."""
    return (images[:, None].float() / 255).contiguous(memory_format=torch.channels_last)


def image_size(epoch, options, full=28):
    """Pixels of a side: small images first, which cost less; even, growing in equal steps."""
    share = min(1, epoch / (GROWTH * options.epochs))
    return options.smallest + 2 * int((full - options.smallest) / 2 * share)


def learning_rate(progress, options):
    """Linear warm-up over the first epoch, then a cosine to 0; progress in epochs."""
    if progress < 1:
        return options.rate * progress
    return options.rate * 0.5 * (1 + math.cos(math.pi * (progress - 1) / max(options.epochs - 1, 1)))


def update_average(averaged, network, past):
    """Moves the averaged weights and BN statistics towards the network's."""
    with torch.no_grad():
        current = network.state_dict()
        for name, value in averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(current[name], 1 - past)


def train_epoch(network, averaged, optimizer, data, epoch, options):
    """One pass over the training images. Returns the mean loss."""
    images, labels = data
    # The seed depends on the epoch alone, so a resumed run repeats an uninterrupted one.
    generator = torch.Generator().manual_seed(options.seed * 1000 + epoch)
    order = torch.randperm(len(images), generator=generator)
    size = image_size(epoch, options)
    steps = len(images) // options.batch
    taken = min(steps, options.steps or steps)
    network.train()
    total = 0.0
    for step in range(taken):
        chosen = order[step * options.batch : (step + 1) * options.batch]
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(epoch + (step + 1) / steps, options)
        batch = erase(shift_and_flip(images[chosen], generator), options.erase, generator)
        logits = network(resized(prepare(batch), size))
        loss = functional.cross_entropy(logits, labels[chosen], label_smoothing=options.smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        update_average(averaged, network, options.average)
        total += loss.item()
    return total / taken


def accuracy(network, data):
    """The share of all images that the network classifies correctly."""
    images, labels = data
    network.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(images), 250):
            logits = network(prepare(images[start : start + 250]))
            right += (logits.argmax(1) == labels[start : start + 250]).sum().item()
    return right / len(images)


def main():
    options = parse_options()
    os.makedirs(options.work, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    network = Classifier(options.family, options.group, options.channels, options.normals, options.features)
    if options.start:
        start_from(network, options.start)
    macs = count_macs(network)
    print(f"{count_parameters(network)} parameters, {macs} MACs, options {vars(options)}", flush=True)
    network = network.to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(network)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=options.rate, momentum=0.9, nesterov=True, weight_decay=options.decay
    )
    checkpoint = os.path.join(options.work, "checkpoint.pt")
    first, seconds = 0, 0.0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        first, seconds = saved["epoch"], saved["seconds"]
    train, test = tensors("train", options.dataset), tensors("test", options.dataset)
    for epoch in range(first, options.epochs):
        begin = time.process_time()
        loss = train_epoch(network, averaged, optimizer, train, epoch, options)
        seconds += time.process_time() - begin
        done = epoch + 1
        looked = accuracy(averaged, test) if done % LOOK_EVERY == 0 or done == options.epochs else None
        text = "" if looked is None else f", test accuracy {100 * looked:.2f} %"
        print(f"epoch {done}/{options.epochs}: loss {loss:.4f}{text}, {seconds:.0f} s of CPU so far", flush=True)
        state = {
            "network": network.state_dict(),
            "averaged": averaged.state_dict(),
            "config": network.config,
            "options": vars(options),
            "optimizer": optimizer.state_dict(),
            "epoch": done,
            "seconds": seconds,
            "accuracy": looked,
        }
        torch.save(state, checkpoint + ".new")
        os.replace(checkpoint + ".new", checkpoint)


if __name__ == "__main__":
    main()
