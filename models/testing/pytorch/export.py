"""Writes the ONNX files beside it, as PyTorch exports them: python3 export.py (Debian's python3-torch 1.13).

Small networks in the manner of MobileNet v2, ShuffleNet v2, DenseNet, ResNet and U-Net, with random weights, at open batch:
what the float reader has to take.
"""
import pathlib

import torch
from torch import nn
from torch.nn import functional as F


def conv(inputs, outputs, kernel=3, stride=1, groups=1, act=nn.ReLU):
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), act())


class Mobile(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv(3, 8, 3, 2, act=nn.ReLU6)
        self.expand = nn.Sequential(conv(8, 16, 1, act=nn.ReLU6), conv(16, 16, 3, 1, 16, act=nn.ReLU6))
        self.project = nn.Sequential(nn.Conv2d(16, 8, 1, bias=False), nn.BatchNorm2d(8))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(8, 5))

    def forward(self, x):
        x = self.stem(x)
        x = x + self.project(self.expand(x))
        return self.classifier(F.adaptive_avg_pool2d(x, 1).reshape(x.shape[0], -1))


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 3, 2), nn.MaxPool2d(3, 2, 1))
        self.branch = nn.Sequential(
            conv(4, 4, 1), nn.Conv2d(4, 4, 3, 1, 1, groups=4, bias=False), nn.BatchNorm2d(4), conv(4, 4, 1))
        self.classifier = nn.Linear(8, 5)

    def forward(self, x):
        kept, changed = self.stem(x).chunk(2, dim=1)
        x = torch.cat((kept, self.branch(changed)), 1)
        batch, channels, height, width = x.size()
        x = x.view(batch, 2, channels // 2, height, width)
        x = torch.transpose(x, 1, 2).contiguous().view(batch, -1, height, width)
        return self.classifier(x.mean([2, 3]))


class Dense(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv(3, 8, 7, 2)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, 4, 3, 1, 1, bias=False)) for c in (8, 12))
        self.transition = nn.Sequential(nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 8, 1), nn.AvgPool2d(2, 2))
        self.classifier = nn.Linear(8 * 4 * 4, 5)

    def forward(self, x):
        x = self.stem(x)
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return self.classifier(self.transition(x).view(x.size(0), -1))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 3, 2), nn.MaxPool2d(3, 2, 1, ceil_mode=True))
        self.main = nn.Sequential(conv(8, 16, 3, 2), nn.Conv2d(16, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16))
        self.shortcut = nn.Sequential(nn.Conv2d(8, 16, 1, 2, bias=False), nn.BatchNorm2d(16))
        self.classifier = nn.Sequential(nn.Linear(16, 5), nn.BatchNorm1d(5))

    def forward(self, x):
        x = self.stem(x)
        x = F.relu(self.main(x) + self.shortcut(x))
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.deep, self.up = conv(3, 8), conv(8, 16, 3, 2), conv(24, 8)
        self.classes, self.depth = nn.Conv2d(8, 3, 1), nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        fine = self.down((x - 0.45) / 0.225)
        coarse = F.interpolate(self.deep(fine), scale_factor=2, mode="nearest")
        x = self.up(torch.cat([fine, F.avg_pool2d(coarse, 3, 1, 1)], 1))
        return self.classes(x), self.depth(x)


def main():
    torch.manual_seed(0)
    for name, model in dict(mobile=Mobile(), shuffle=Shuffle(), dense=Dense(), residual=Residual(), unet=UNet()).items():
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 1.5)
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, 0, 0.2)
        path = pathlib.Path(__file__).with_name(f"{name}.onnx")
        torch.onnx.export(model.eval(), torch.zeros(1, 3, 16, 16), str(path), opset_version=13,
                          input_names=["image"], dynamic_axes={"image": {0: "batch"}})


main()
