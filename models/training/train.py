#!/usr/bin/python3
"""Trains a VarGNet (G = 8) on Fashion-MNIST and saves a checkpoint after every epoch; resumes from the last one.

The work of every batch is shared by processes of one thread each, which average their gradients: on a busy machine
that is much faster than one process of several threads. The network reported is always the last epoch's: the test
images choose nothing.
"""

import argparse
import math
import os
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
import torch.nn.functional as functional

from idx import FASHION_MNIST, load_split
from network import VarGNet, count_macs, count_parameters

CROP = 2  # pixels of zero padding around a training image before a random 28x28 crop


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--work", required=True, help="folder for checkpoints, outside the repository")
    parser.add_argument("--dataset", default=FASHION_MNIST, help="folder of the idx files")
    parser.add_argument("--epochs", type=int, default=16, help="length of the cosine schedule")
    parser.add_argument("--batch", type=int, default=128, help="images per step, over all processes")
    parser.add_argument("--rate", type=float, default=0.1, help="peak learning rate")
    parser.add_argument("--decay", type=float, default=5e-4, help="weight decay")
    parser.add_argument("--processes", type=int, default=2, help="single-threaded processes that share each batch")
    parser.add_argument("--seed", type=int, default=1, help="seed of weights, order and augmentation")
    parser.add_argument("--channels", type=int, default=16, help="channels after conv1, a multiple of 8")
    parser.add_argument("--normals", type=int, nargs="+", default=[1, 2], help="Normal blocks of each stage")
    parser.add_argument("--features", type=int, default=128, help="channels of the last 1x1 convolution")
    parser.add_argument("--steps", type=int, help="stop every epoch after this many steps (a smoke test)")
    options = parser.parse_args()
    if options.batch % options.processes:
        parser.error("--batch must be a multiple of --processes")
    if options.channels % 8:
        parser.error("--channels must be a multiple of 8")
    return options


def augment(images, generator):
    """Each image [N][1][28][28] flipped left-right with probability 1/2 and shifted by up to CROP pixels."""
    count, _, height, width = images.shape
    flip = torch.rand(count, generator=generator) < 0.5
    images = torch.where(flip[:, None, None, None], images.flip(3), images)
    padded = functional.pad(images, (CROP,) * 4)[:, 0]
    top = torch.randint(2 * CROP + 1, (count, 1, 1), generator=generator)
    left = torch.randint(2 * CROP + 1, (count, 1, 1), generator=generator)
    rows = top + torch.arange(height)[None, :, None]
    columns = left + torch.arange(width)[None, None, :]
    return padded[torch.arange(count)[:, None, None], rows, columns][:, None]


def tensors(split, folder):
    """uint8 images [N][1][28][28] and int64 labels [N]."""
    images, labels = load_split(split, folder)
    return torch.from_numpy(images.copy())[:, None], torch.from_numpy(labels.copy()).long()


def prepare(images):
    """What the network sees: pixel / 255, nothing subtracted (so a quantised input is the pixel itself)."""
    return (images.float() / 255).contiguous(memory_format=torch.channels_last)


def average(values):
    """Replaces tensors by their mean over all processes, in one exchange."""
    flat = torch.cat([value.reshape(-1) for value in values])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    offset = 0
    for value in values:
        value.copy_(flat[offset : offset + value.numel()].view_as(value))
        offset += value.numel()


def learning_rate(progress, options):
    """Linear warm-up over the first epoch, then a cosine to 0; progress in epochs."""
    if progress < 1:
        return options.rate * progress
    return options.rate * 0.5 * (1 + math.cos(math.pi * (progress - 1) / max(options.epochs - 1, 1)))


def train_epoch(network, optimizer, data, epoch, rank, options):
    """One pass over the training images. Returns the mean loss of this process's share."""
    images, labels = data
    share = options.batch // options.processes
    # Seeds depend on the epoch alone, so a resumed run repeats an uninterrupted one.
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(options.seed * 1000 + epoch))
    generator = torch.Generator().manual_seed((options.seed * 1000 + epoch) * 100 + rank)
    steps = len(images) // options.batch
    taken = min(steps, options.steps or steps)
    network.train()
    total = 0.0
    for step in range(taken):
        start = step * options.batch + rank * share
        chosen = order[start : start + share]
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(epoch + (step + 1) / steps, options)
        loss = functional.cross_entropy(network(prepare(augment(images[chosen], generator))), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        average([parameter.grad for parameter in network.parameters()])
        optimizer.step()
        total += loss.item()
    return total / taken


def correct(network, data, rank, options):
    """How many of all images the network classifies correctly; each process looks at its share."""
    images, labels = data
    network.eval()
    right = 0
    with torch.no_grad():
        for start in range(rank * 250, len(images), 250 * options.processes):
            logits = network(prepare(images[start : start + 250]))
            right += (logits.argmax(1) == labels[start : start + 250]).sum().item()
    count = torch.tensor([right])
    dist.all_reduce(count)
    return count.item()


def work(rank, options, rendezvous):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=options.processes)
    torch.manual_seed(options.seed)
    network = VarGNet(options.channels, options.normals, options.features)
    if rank == 0:
        macs = count_macs(network)
        print(f"{count_parameters(network)} parameters, {macs} MACs, options {vars(options)}", flush=True)
    network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=options.rate, momentum=0.9, nesterov=True, weight_decay=options.decay
    )
    checkpoint = os.path.join(options.work, "checkpoint.pt")
    first, seconds = 0, 0.0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        first, seconds = saved["epoch"], saved["seconds"]
    train, test = tensors("train", options.dataset), tensors("test", options.dataset)
    for epoch in range(first, options.epochs):
        begin = time.monotonic()
        loss = train_epoch(network, optimizer, train, epoch, rank, options)
        # BN statistics were gathered per process; the network is the same everywhere after this.
        average([buffer for buffer in network.buffers() if buffer.is_floating_point()])
        right = correct(network, test, rank, options)
        seconds += time.monotonic() - begin
        if rank == 0:
            accuracy = right / len(test[0])
            print(
                f"epoch {epoch + 1}/{options.epochs}: loss {loss:.4f}, test accuracy {100 * accuracy:.2f} %, "
                f"{seconds:.0f} s so far",
                flush=True,
            )
            state = {
                "network": network.state_dict(),
                "config": network.config,
                "optimizer": optimizer.state_dict(),
                "epoch": epoch + 1,
                "epochs": options.epochs,
                "seed": options.seed,
                "seconds": seconds,
                "accuracy": accuracy,
            }
            torch.save(state, checkpoint + ".new")
            os.replace(checkpoint + ".new", checkpoint)
    dist.barrier()


def main():
    options = parse_options()
    options.work = os.path.abspath(options.work)
    os.makedirs(options.work, exist_ok=True)
    rendezvous = os.path.join(options.work, "rendezvous")
    if os.path.exists(rendezvous):
        os.remove(rendezvous)  # left by an interrupted run
    multiprocessing.spawn(work, (options, rendezvous), options.processes)


if __name__ == "__main__":
    main()
