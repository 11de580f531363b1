"""The Python twin of StepProcess: the same network, weights and batch in plain PyTorch, a step for each line on standard input."""
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional

directory = sys.argv[1]
torch.set_num_threads(1)


def arrays(name):
    """Arrays with their names, as Java's DataOutputStream wrote them."""
    found = {}
    with open(f"{directory}/{name}", "rb") as file:
        while head := file.read(2):
            key = file.read(struct.unpack(">H", head)[0]).decode()
            count = struct.unpack(">i", file.read(4))[0]
            found[key] = torch.tensor(struct.unpack(f">{count}f", file.read(4 * count)))
    return found


class Shift(nn.Module):
    def forward(self, x):
        return functional.pad(x, (-1, 1, -1, 1))


def layer(kind, numbers):
    match kind:
        case "convolution":
            i, o, kh, kw, sh, sw, ph, pw, dilation, groups = numbers
            return nn.Conv2d(i, o, (kh, kw), (sh, sw), (ph, pw), dilation, groups, bias=False)
        case "norm":
            return nn.BatchNorm2d(numbers[0], eps=1e-3, momentum=0.1)
        case "relu":
            return nn.ReLU()
        case "max":
            return nn.MaxPool2d(3, numbers[0], 1)
        case "average":
            return nn.AvgPool2d(3, numbers[0], 1, count_include_pad=False)
        case "shift":
            return Shift()
        case "pool":
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case "linear":
            return nn.Linear(*numbers)
    return None


class Network(nn.Module):
    def __init__(self, lines):
        super().__init__()
        self.nodes = []
        self.layers = nn.ModuleDict()
        for line in lines:
            number, name, inputs, kind, *numbers = line.split(" ")
            made = layer(kind, [int(each) for each in numbers])
            if made is not None:
                self.layers[number] = made
            self.nodes.append((number, name, [each for each in inputs.split(",") if each], kind))

    def load(self, weights):
        for number, name, _, _ in self.nodes:
            if number in self.layers:
                for part in self.layers[number].state_dict(keep_vars=True):
                    if f"{name}.{part}" in weights:
                        tensor = self.layers[number].state_dict(keep_vars=True)[part]
                        tensor.data.copy_(weights[f"{name}.{part}"].view_as(tensor))

    def forward(self, image):
        outputs = {}
        for number, _, inputs, kind in self.nodes:
            given = [outputs[each] for each in inputs]
            match kind:
                case "input":
                    outputs[number] = image
                case "add":
                    outputs[number] = given[0] + given[1]
                case "concatenate":
                    outputs[number] = torch.cat(given, 1)
                case _:
                    outputs[number] = self.layers[number](given[0])
        return outputs[number]


with open(f"{directory}/network.txt") as file:
    network = Network(file.read().splitlines())
network.load(arrays("weights.bin"))
network = network.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr=0.01, weight_decay=5e-4)
with open(f"{directory}/labels.txt") as file:
    labels = torch.tensor([int(line) for line in file])
images = arrays("pixels.bin")["pixels"].view(len(labels), 32, 32, 3).permute(0, 3, 1, 2)
print("ready", sum(parameter.numel() for parameter in network.parameters()), torch.__version__, flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    cpu_before = time.process_time()
    optimizer.zero_grad()
    loss = functional.cross_entropy(network(images), labels)
    loss.backward()
    optimizer.step()
    print(time.perf_counter() - started, time.process_time() - cpu_before, loss.item(), flush=True)
