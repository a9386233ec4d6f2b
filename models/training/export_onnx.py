#!/usr/bin/python3
"""Writes a checkpoint of train.py as a float ONNX file (opset 13), batch normalisation kept as nodes of its own.

Input `image` float32 [1][1][28][28] (pixel / 255), output `logits` float32 [1][10]. A node has the name of the tensor
it writes, `<block>/<layer>`: `stage1.down/sep_a.group`, `stage1.down/sep_a.group.bn`, `stage1.down/add_ab`, ...
The weights are the averaged ones of the last epoch.
"""

import argparse
import json
import os
import struct

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from idx import FASHION_MNIST, load_split
from network import Classifier, Down, Head, Normal, Separable
from train import prepare

SIZE = 28


class GraphWriter:
    """Collects nodes and initialisers; every method takes tensor names and returns the name of its output."""

    def __init__(self):
        self.nodes = []
        self.initializers = []

    def constant(self, name, values):
        array = np.ascontiguousarray(values.detach().numpy(), np.float32)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def node(self, operator, name, inputs, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def relu(self, name, x):
        return self.node("Relu", name, [x])

    def add(self, name, a, b):
        return self.node("Add", name, [a, b])

    def conv_bn(self, name, x, conv, bn):
        """A convolution without bias as node `name`, then its batch normalisation as node `name`.bn."""
        x = self.node(
            "Conv",
            name,
            [x, self.constant(f"{name}.weight", conv.weight)],
            group=conv.groups,
            kernel_shape=list(conv.kernel_size),
            pads=list(conv.padding) * 2,
            strides=list(conv.stride),
        )
        parts = {"scale": bn.weight, "bias": bn.bias, "mean": bn.running_mean, "var": bn.running_var}
        constants = [self.constant(f"{name}.bn.{key}", values) for key, values in parts.items()]
        return self.node("BatchNormalization", f"{name}.bn", [x, *constants], epsilon=bn.eps)

    def sep(self, name, x, sep):
        x = self.relu(f"{name}.group.relu", self.conv_bn(f"{name}.group", x, sep.group, sep.group_bn))
        return self.conv_bn(f"{name}.point", x, sep.point, sep.point_bn)

    def normal(self, name, x, block):
        y = self.relu(f"{name}/relu_a", self.sep(f"{name}/sep_a", x, block.sep_a))
        y = self.sep(f"{name}/sep_b", y, block.sep_b)
        return self.relu(f"{name}/relu", self.add(f"{name}/add", y, x))

    def down(self, name, x, block):
        a = self.sep(f"{name}/sep_a", x, block.sep_a)
        b = self.sep(f"{name}/sep_b", x, block.sep_b)
        y = self.relu(f"{name}/relu_ab", self.add(f"{name}/add_ab", a, b))
        y = self.sep(f"{name}/sep_c", y, block.sep_c)
        shortcut = self.sep(f"{name}/shortcut", x, block.shortcut)
        return self.relu(f"{name}/relu", self.add(f"{name}/add", y, shortcut))

    def head(self, name, x, block):
        y = self.relu(f"{name}/relu_a", self.sep(f"{name}/sep_a", x, block.sep_a))
        y = self.sep(f"{name}/sep_b", y, block.sep_b)
        shortcut = self.sep(f"{name}/shortcut", x, block.shortcut)
        return self.relu(f"{name}/relu", self.add(f"{name}/add", y, shortcut))

    def separable(self, name, x, block):
        for part in ("depthwise", "pointwise"):
            x = self.conv_bn(f"{name}/{part}", x, getattr(block, part), getattr(block, f"{part}_bn"))
            x = self.relu(f"{name}/{part}.relu", x)
        return x

    def block(self, name, x, block):
        write = {Normal: self.normal, Down: self.down, Head: self.head, Separable: self.separable}[type(block)]
        return write(name, x, block)


def build(network, name, metadata):
    """The ONNX model of a trained Classifier; `metadata` is a dictionary of strings kept in the file."""
    writer = GraphWriter()
    x = writer.relu("conv1.relu", writer.conv_bn("conv1", "image", network.conv1, network.conv1_bn))
    for block_name, block in network.blocks.items():
        x = writer.block(block_name, x, block)
    x = writer.relu("conv5.relu", writer.conv_bn("conv5", x, network.conv5, network.conv5_bn))
    x = writer.node("Flatten", "flatten", [writer.node("GlobalAveragePool", "pool", [x])])
    weight = writer.constant("fc.weight", network.fc.weight)
    bias = writer.constant("fc.bias", network.fc.bias)
    writer.nodes.append(helper.make_node("Gemm", [x, weight, bias], ["logits"], "fc", transB=1))
    graph = helper.make_graph(
        writer.nodes,
        name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, SIZE, SIZE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, network.fc.out_features])],
        writer.initializers,
    )
    model = helper.make_model(graph, producer_name="vargen", opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    helper.set_model_props(model, metadata)
    onnx.checker.check_model(model, full_check=True)
    return model


def write_logits(path, network, dataset, count=100):
    """Writes the logits of the first test images, little-endian float32 [count][classes], for check_onnx.ts."""
    images, _ = load_split("test", dataset)
    with torch.no_grad():
        logits = network(prepare(torch.from_numpy(images[:count].copy())))
    with open(path, "wb") as file:
        file.write(struct.pack(f"<{logits.numel()}f", *logits.flatten().tolist()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="the folder given to train.py")
    parser.add_argument("--out", required=True, help="the file, such as models/data/NAME.float.onnx")
    parser.add_argument("--dataset", default=FASHION_MNIST, help="folder of the idx files (default: %(default)s)")
    parser.add_argument("--logits", help="also write PyTorch's logits of the first 100 test images to this file")
    options = parser.parse_args()
    saved = torch.load(os.path.join(options.work, "checkpoint.pt"))
    if saved["epoch"] < saved["options"]["epochs"]:
        parser.error(f"training has not ended: epoch {saved['epoch']} of {saved['options']['epochs']}")
    network = Classifier(**saved["config"])
    network.load_state_dict(saved["averaged"])
    network.eval()
    metadata = {
        "dataset": "Fashion-MNIST",
        "network": json.dumps(saved["config"]),
        "epochs": str(saved["epoch"]),
        "seed": str(saved["options"]["seed"]),
        "floatTestAccuracy": f"{saved['accuracy']:.4f}",
    }
    name = os.path.basename(options.out).split(".")[0]
    onnx.save(build(network, name, metadata), options.out + ".new")
    os.replace(options.out + ".new", options.out)  # readers never see half a file
    print(f"{os.path.relpath(options.out)}: {os.path.getsize(options.out)} bytes, {metadata}")
    if options.logits:
        write_logits(options.logits, network, options.dataset)


if __name__ == "__main__":
    main()
