"""Classifiers of 28x28 images in PyTorch: VarGNet v1 and v2 (blocks as defined by the paper, e = 2) and a MobileNet."""

import torch
from torch import nn

FAMILIES = ("vargnet-v1", "vargnet-v2", "mobilenet-v1")
EXPANSION = 2  # the paper's e: a group convolution has e times as many output as input channels


class Sep(nn.Module):
    """3x3 conv C -> eC in groups of `group` input channels, BN, ReLU, then 1x1 conv eC -> out, BN (no ReLU)."""

    def __init__(self, channels, out, group, stride=1, expansion=EXPANSION):
        super().__init__()
        wide = expansion * channels
        self.group = nn.Conv2d(channels, wide, 3, stride, 1, groups=channels // group, bias=False)
        self.group_bn = nn.BatchNorm2d(wide)
        self.point = nn.Conv2d(wide, out, 1, bias=False)
        self.point_bn = nn.BatchNorm2d(out)

    def forward(self, x):
        return self.point_bn(self.point(torch.relu(self.group_bn(self.group(x)))))


class Normal(nn.Module):
    """relu(x + sep_b(relu(sep_a(x)))); shape kept."""

    def __init__(self, channels, group):
        super().__init__()
        self.sep_a = Sep(channels, channels, group)
        self.sep_b = Sep(channels, channels, group)

    def forward(self, x):
        return torch.relu(self.sep_b(torch.relu(self.sep_a(x))) + x)


class Down(nn.Module):
    """relu(sep_c(relu(sep_a(x) + sep_b(x))) + shortcut(x)); twice the channels, half the height and width."""

    def __init__(self, channels, group):
        super().__init__()
        out = 2 * channels
        self.sep_a = Sep(channels, out, group, 2)
        self.sep_b = Sep(channels, out, group, 2)
        self.sep_c = Sep(out, out, group)
        self.shortcut = Sep(channels, out, group, 2)

    def forward(self, x):
        y = self.sep_c(torch.relu(self.sep_a(x) + self.sep_b(x)))
        return torch.relu(y + self.shortcut(x))


class Head(nn.Module):
    """First block of v2 (e = 1): relu(sep_b(relu(sep_a(x))) + shortcut(x)); channels kept, half the height and width."""

    def __init__(self, channels, group):
        super().__init__()
        self.sep_a = Sep(channels, channels, group, 2, 1)
        self.sep_b = Sep(channels, channels, group, 1, 1)
        self.shortcut = Sep(channels, channels, group, 2, 1)

    def forward(self, x):
        return torch.relu(self.sep_b(torch.relu(self.sep_a(x))) + self.shortcut(x))


class Separable(nn.Module):
    """MobileNet v1's block: depthwise 3x3 conv, BN, ReLU, 1x1 conv, BN, ReLU."""

    def __init__(self, channels, out, stride=1):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(channels)
        self.pointwise = nn.Conv2d(channels, out, 1, bias=False)
        self.pointwise_bn = nn.BatchNorm2d(out)

    def forward(self, x):
        x = torch.relu(self.depthwise_bn(self.depthwise(x)))
        return torch.relu(self.pointwise_bn(self.pointwise(x)))


class Classifier(nn.Module):
    """28x28 grey images [N][1][28][28], values pixel / 255, to logits [N][classes].

    conv1 3x3 (28x28), stages that each halve the size (14x14, 7x7, 4x4), 1x1 conv5, mean, FC. A stage is one block of
    stride 2 and `normals[i]` blocks that keep the shape: Down and Normal for VarGNet (v2's first stage: Head in place of
    Down), Separable for MobileNet. All but Head double the channels. `group` is the paper's G; a MobileNet has none.
    `blocks` maps block names such as `stage1.normal1` to the modules, in order.
    """

    def __init__(self, family="vargnet-v1", group=8, channels=16, normals=(1, 2), features=128, classes=10):
        super().__init__()
        if family not in FAMILIES:
            raise ValueError(f"family '{family}' is none of {', '.join(FAMILIES)}")
        if family != "mobilenet-v1" and channels % group:
            raise ValueError(f"{channels} channels are not a multiple of G = {group}")
        self.config = {
            "family": family,
            "group": None if family == "mobilenet-v1" else group,
            "channels": channels,
            "normals": list(normals),
            "features": features,
            "classes": classes,
        }
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.conv1_bn = nn.BatchNorm2d(channels)
        self.blocks = {}
        for stage, count in enumerate(normals, 1):
            if family == "mobilenet-v1":
                self._add(f"stage{stage}.down", Separable(channels, 2 * channels, 2))
                channels *= 2
            elif family == "vargnet-v2" and stage == 1:
                self._add(f"stage{stage}.head", Head(channels, group))
            else:
                self._add(f"stage{stage}.down", Down(channels, group))
                channels *= 2
            for index in range(1, count + 1):
                keep = Separable(channels, channels) if family == "mobilenet-v1" else Normal(channels, group)
                self._add(f"stage{stage}.normal{index}", keep)
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
