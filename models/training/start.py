"""Begins a network with the weights of a smaller one that export_onnx.py wrote."""

import onnx
import torch
from onnx import numpy_helper

from network import Normal

BATCH_NORM = {"weight": "scale", "bias": "bias", "running_mean": "mean", "running_var": "var"}


def initializer_name(key):
    """What export_onnx.py calls an entry of the network's state: `stage1_down.sep_a.group_bn.weight` is
    `stage1.down/sep_a.group.bn.scale`."""
    module, _, parameter = key.rpartition(".")
    if module.endswith("_bn"):
        module, parameter = module[:-3] + ".bn", BATCH_NORM.get(parameter)
    block, _, layer = module.partition(".")
    if block.startswith("stage"):
        module = f"{block.replace('_', '.')}/{layer}"
    return f"{module}.{parameter}"


def start_from(network, path):
    """Copies all weights and BN statistics in the file. A Normal block that the file lacks begins as the identity.

    Raises ValueError if any other weight is missing or of another shape.
    """
    stored = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in onnx.load(path).graph.initializer}
    added = {
        name
        for name, block in network.blocks.items()
        if isinstance(block, Normal) and not any(key.startswith(f"{name}/") for key in stored)
    }
    for key, value in network.state_dict().items():
        name = initializer_name(key)
        if not value.is_floating_point() or name.partition("/")[0] in added:
            continue
        if name not in stored or stored[name].shape != value.shape:
            raise ValueError(f"{path}: no '{name}' of shape {list(value.shape)}")
        value.copy_(stored[name])
    for name in added:
        torch.nn.init.zeros_(network.blocks[name].sep_b.point_bn.weight)
