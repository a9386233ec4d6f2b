"""VarGNet for small images in PyTorch: blocks as defined by the paper (variable group convolution, e = 2)."""

import torch
from torch import nn

GROUP = 8  # input channels of every group of a group convolution (the paper's G)
EXPANSION = 2  # the paper's e: a group convolution has e times as many output as input channels


class Sep(nn.Module):
    """3x3 group conv C -> eC, BN, ReLU, then 1x1 conv eC -> out, BN (the caller adds the ReLU where there is one)."""

    def __init__(self, channels, out, stride=1):
        super().__init__()
        wide = EXPANSION * channels
        self.group = nn.Conv2d(channels, wide, 3, stride, 1, groups=channels // GROUP, bias=False)
        self.group_bn = nn.BatchNorm2d(wide)
        self.point = nn.Conv2d(wide, out, 1, bias=False)
        self.point_bn = nn.BatchNorm2d(out)

    def forward(self, x):
        return self.point_bn(self.point(torch.relu(self.group_bn(self.group(x)))))


class Normal(nn.Module):
    """relu(x + sep_b(relu(sep_a(x)))); shape kept."""

    def __init__(self, channels):
        super().__init__()
        self.sep_a = Sep(channels, channels)
        self.sep_b = Sep(channels, channels)

    def forward(self, x):
        return torch.relu(self.sep_b(torch.relu(self.sep_a(x))) + x)


class Down(nn.Module):
    """relu(sep_c(relu(sep_a(x) + sep_b(x))) + shortcut(x)); twice the channels, half the height and width."""

    def __init__(self, channels):
        super().__init__()
        out = 2 * channels
        self.sep_a = Sep(channels, out, 2)
        self.sep_b = Sep(channels, out, 2)
        self.sep_c = Sep(out, out)
        self.shortcut = Sep(channels, out, 2)

    def forward(self, x):
        y = self.sep_c(torch.relu(self.sep_a(x) + self.sep_b(x)))
        return torch.relu(y + self.shortcut(x))


class VarGNet(nn.Module):
    """28x28 grey images [N][1][28][28], values pixel / 255, to logits [N][classes].

    conv1 3x3 (28x28), stages of one Down and `normals[i]` Normals each (14x14, 7x7, ...), 1x1 conv5, mean, FC.
    `blocks` maps block names such as `stage1.normal1` to the modules, in order.
    """

    def __init__(self, channels=16, normals=(1, 2), features=128, classes=10):
        super().__init__()
        self.config = {"channels": channels, "normals": list(normals), "features": features, "classes": classes}
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.conv1_bn = nn.BatchNorm2d(channels)
        self.blocks = {}
        for stage, count in enumerate(normals, 1):
            self._add(f"stage{stage}.down", Down(channels))
            channels *= 2
            for index in range(1, count + 1):
                self._add(f"stage{stage}.normal{index}", Normal(channels))
        self.conv5 = nn.Conv2d(channels, features, 1, bias=False)
        self.conv5_bn = nn.BatchNorm2d(features)
        self.fc = nn.Linear(features, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def _add(self, name, block):
        self.blocks[name] = block
        self.add_module(name.replace(".", "_"), block)  # module names must not hold dots

    def forward(self, x):
        x = torch.relu(self.conv1_bn(self.conv1(x)))
        for block in self.blocks.values():
            x = block(x)
        x = torch.relu(self.conv5_bn(self.conv5(x)))
        return self.fc(x.mean((2, 3)))


def count_parameters(network):
    """Trained numbers: weights, biases and two per BN channel."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_macs(network, size=28):
    """Multiply-accumulates of convolutions and FC for one image of size x size (BN, ReLU, adds not counted)."""
    total = 0

    def add(module, _inputs, output):
        nonlocal total
        total += module.weight.numel() * output[0, 0].numel() if output.dim() == 4 else module.weight.numel()

    layers = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(add) for layer in layers]
    training = network.training
    with torch.no_grad():
        network.eval()(torch.zeros(1, 1, size, size))
    network.train(training)
    for hook in hooks:
        hook.remove()
    return total
