"""PyTorch's side of `pnas bench step`: answers the lines that StepMain answers, for a network that is told node by node."""
import resource
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError as error:
    sys.exit(f"{error}: 'python3 -m venv DIR' and 'DIR/bin/pip install torch' make a Python that has it, DIR/bin/python")

CLASSES = 10
SCORED = 1000
LEARNING_RATE = 1e-4
torch.set_num_threads(1)
torch.manual_seed(1)


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
            number, _, inputs, kind, *numbers = line.split(" ")
            made = layer(kind, [int(each) for each in numbers])
            if made is not None:
                self.layers[number] = made
            self.nodes.append((number, [each for each in inputs.split(",") if each], kind))

    def forward(self, image):
        outputs = {}
        for number, inputs, kind in self.nodes:
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


def seconds(least, call):
    """Seconds of the processor that one call takes."""
    begun = time.process_time()
    taken = calls = 0
    while calls == 0 or taken < least:
        call()
        calls += 1
        taken = time.process_time() - begun
    return taken / calls


def step():
    network.train()
    optimizer.zero_grad()
    loss = functional.cross_entropy(network(images), labels)
    loss.backward()
    optimizer.step()
    if not torch.isfinite(loss):
        sys.exit("the loss is no number")


@torch.no_grad()
def evaluate():
    network.eval()
    (network(images).argmax(1) == labels).sum().item()


calls = {"step": step, "evaluate": evaluate}
for line in sys.stdin:
    match line.rstrip("\n").split("\t"):
        case ["version"]:
            answer = torch.__version__
        case ["network", size, image, *nodes]:
            height, width, channels = (int(each) for each in image.split("x"))
            network = Network(nodes).to(memory_format=torch.channels_last)
            optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, weight_decay=5e-4)
            images = torch.randn(int(size), channels, height, width).to(memory_format=torch.channels_last)
            labels = torch.randint(CLASSES, (int(size),))
            answer = sum(parameter.numel() for parameter in network.parameters())
        case ["settle", what]:
            seconds(1, calls[what])
            answer = seconds(1, calls[what])
        case ["step", least]:
            answer = seconds(float(least), step)
        case ["evaluate", least]:
            answer = seconds(float(least), evaluate) * SCORED / len(labels)
        case ["memory"]:
            answer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        case words:
            sys.exit(f"no line: {words}")
    print(answer, flush=True)
