"""The training recipe as PyTorch code: loss, optimizer, schedule, and the program that trains with them."""

from __future__ import annotations

from typing import Any

from engine.formats.exporter import Note
from engine.formats.python_text import call, indented, python
from graph.inference import Inference
from graph.message import Message
from graph.names import snake
from graph.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Nadam,
    Optimizer,
    RMSprop,
)
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import OneCycle, ReduceLROnPlateau

OPTIMIZERS: dict[type[Optimizer], tuple[str, dict[str, str]]] = {
    SGD: ("SGD", {"momentum": "momentum", "nesterov": "nesterov"}),
    RMSprop: ("RMSprop", {"rho": "alpha", "momentum": "momentum", "epsilon": "eps", "centered": "centered"}),
    Adam: ("Adam", {"epsilon": "eps", "amsgrad": "amsgrad"}),
    AdamW: ("AdamW", {"epsilon": "eps", "amsgrad": "amsgrad"}),
    Adamax: ("Adamax", {"epsilon": "eps"}),
    Nadam: ("NAdam", {"epsilon": "eps"}),
    Adagrad: ("Adagrad", {"initial_accumulator_value": "initial_accumulator_value", "epsilon": "eps"}),
    Adadelta: ("Adadelta", {"rho": "rho", "epsilon": "eps"}),
}
"""PyTorch's optimizers, and what our parameters are called there."""


def optimizer_call(optimizer: Optimizer) -> str:
    """The optimizer for the model's parameters; Adam where PyTorch has none of that name."""
    config = optimizer.config()
    name, names = OPTIMIZERS.get(type(optimizer), ("Adam", {}))
    said = {"lr": python(optimizer.learning_rate)}
    if "beta_1" in config and type(optimizer) in OPTIMIZERS:
        said["betas"] = python((config["beta_1"], config["beta_2"]))
    said |= {theirs: python(config[ours]) for ours, theirs in names.items()}
    if config.get("weight_decay"):
        name = "AdamW" if name == "Adam" else name
        said["weight_decay"] = python(config["weight_decay"])
    return call(f"torch.optim.{name}", ["model.parameters()"], said)


def schedule_call(training: TrainingRecipe) -> str | None:
    """What changes the learning rate, if anything does."""
    schedule, rate = training.schedule, training.optimizer.learning_rate
    if schedule is None:
        return None
    config: dict[str, Any] = dict(schedule.config())
    if isinstance(schedule, ReduceLROnPlateau):
        keys = {"factor": "factor", "patience": "patience", "min_delta": "threshold", "cooldown": "cooldown"}
        said = {theirs: python(config[ours]) for ours, theirs in keys.items()}
        said |= {"min_lr": python(config["min_lr"]), "threshold_mode": python("abs")}
        return call("torch.optim.lr_scheduler.ReduceLROnPlateau", ["optimizer"], said)
    if isinstance(schedule, OneCycle):
        said = {"max_lr": python(rate), **{key: python(value) for key, value in config.items()}}
        return call("torch.optim.lr_scheduler.OneCycleLR", ["optimizer"], said | {"cycle_momentum": "False"})
    made = call(snake(schedule.key), [python(rate), "step"], {key: python(value) for key, value in config.items()})
    return f"torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: {made} / {rate!r})"


def loss_lines(training: TrainingRecipe, results: tuple[str, ...]) -> str:
    """The function that compares outputs with targets, both by name."""
    terms = []
    for result in results:
        loss = training.loss_of(result)
        at = f"[{python(result)}]" if len(results) > 1 else ""
        said = {key: python(value) for key, value in loss.changed().items()}
        term = call(snake(loss.key) if loss.key[0].isupper() else loss.key, [f"y{at}", f"t{at}"], said)
        weight = training.weight_of(result)
        terms.append(term if weight == 1.0 or len(results) == 1 else f"{weight!r} * {term}")
    return 'def loss_of(y, t):\n    """How far outputs are from targets."""\n' + indented(f"return {' + '.join(terms)}")


def clip_lines(optimizer: Optimizer) -> list[str]:
    """What is done to gradients before a step."""
    clips = optimizer.clips()
    if not clips:
        return []
    name, value = next(iter(clips.items()))
    said = {
        "clipvalue": f"nn.utils.clip_grad_value_(model.parameters(), {value!r})",
        "global_clipnorm": f"nn.utils.clip_grad_norm_(model.parameters(), {value!r})",
    }
    each = f"for p in model.parameters():\n    nn.utils.clip_grad_norm_([p], {value!r})"
    return [said.get(name, each)]


def train_code(training: TrainingRecipe, inference: Inference) -> str:
    """The functions that train, on one device or on several processes."""
    entries, results = list(inference.entries), list(inference.results)
    plateau = isinstance(training.schedule, ReduceLROnPlateau)
    schedule = schedule_call(training)
    inputs = [name if len(entries) > 1 else "x" for name in entries]
    targets = [name if len(results) > 1 else "y" for name in results]
    many = "{name: one for name, one in zip(TARGETS, batch[len(INPUTS) :])}" if len(results) > 1 else "batch[-1]"
    stopping = training.early_stopping
    values = {
        "INPUT_NAMES": python(inputs),
        "TARGET_NAMES": python(targets),
        "TARGETS_OF": many,
        "SEED": python(training.seed),
        "EPOCHS": python(training.epochs),
        "BATCH_SIZE": "None" if training.batch_size is None else python(training.batch_size),
        "SHUFFLE": python(training.shuffle),
        "OPTIMIZER": optimizer_call(training.optimizer),
        "SCHEDULE": "" if schedule is None else f"schedule = {schedule}",
        "CLIP": "\n".join(clip_lines(training.optimizer)),
        "EACH_STEP": "" if schedule is None or plateau else "schedule.step()",
        "EACH_EPOCH": "schedule.step(watched)" if plateau else "",
        "NOTHING_YET": "" if stopping is None else 'best, best_state, waited = float("inf"), None, 0',
        "WATCH": "" if stopping is None else filled(WATCH, watching(stopping)),
        "AT_END": "" if stopping is None else "if best_state is not None:\n    model.load_state_dict(best_state)",
    }
    return filled(TRAIN, values)


def watching(stopping: EarlyStopping) -> dict[str, str]:
    """What early stopping goes by."""
    kept = "best_state = copy.deepcopy(model.state_dict())" if stopping.restore_best_weights else ""
    return {"PATIENCE": python(stopping.patience), "MIN_DELTA": python(stopping.min_delta), "KEEP": kept}


def filled(text: str, values: dict[str, str]) -> str:
    """A template with its places filled in: `<NAME>`, alone on a line with the indentation of that line."""
    lines = []
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith("<") and bare.endswith(">") and bare[1:-1] in values:
            value = values[bare[1:-1]]
            lines += [line[: len(line) - len(bare)] + one for one in value.split("\n")] if value else []
            continue
        for name, value in values.items():
            if f"<{name}>" in line:
                first, *more = value.split("\n")
                indent = line[: len(line) - len(line.lstrip())]
                line = line.replace(f"<{name}>", "\n".join([first, *(indent + one for one in more)]))
        lines.append(line)
    return "\n".join(lines)


def recipe_notes(training: TrainingRecipe, inference: Inference) -> list[Note]:
    """What the program trains with otherwise, or leaves out."""
    notes = []
    optimizer = training.optimizer
    if type(optimizer) not in OPTIMIZERS:
        text = Message("PyTorch has no {name}, so the program trains with Adam.", name=optimizer.key)
        notes.append(Note(None, text))
    if isinstance(optimizer, SGD) and optimizer.momentum and optimizer.config().get("weight_decay"):
        notes.append(Note(None, Message("PyTorch's SGD takes the weight decay into its momentum, Keras's does not.")))
    if optimizer.use_ema:
        notes.append(Note(None, Message("The program does not average weights over the steps.")))
    weighed = [training.class_weight, *(one.class_weight for one in training.outputs.values())]
    if any(weighed):
        notes.append(Note(None, Message("The program counts all classes alike.")))
    for name, found in inference.layers.items():
        held = any(weight.regularizer or weight.constraint for weight in found.weights.values())
        layer = inference.network.layers[name]
        if held or layer.penalty or layer.key == "ActivityRegularization":
            notes.append(Note(name, Message("The program trains without its regularizers and constraints.")))
        if layer.key == "BatchNormalization" and layer.trainable:
            text = Message("PyTorch's moving variance is that of a sample, n / (n - 1) times Keras's of a batch.")
            notes.append(Note(name, text))
    return notes


WATCH = """\
waited += 1
if watched < best - <MIN_DELTA>:
    best, waited = watched, 0
    <KEEP>
elif waited >= <PATIENCE>:
    break"""

TRAIN = '''\
INPUTS, TARGETS = <INPUT_NAMES>, <TARGET_NAMES>


def dataset(path):
    """The samples of an NPZ file, whose arrays are named after inputs and targets."""
    with np.load(path, allow_pickle=False) as arrays:
        return TensorDataset(*(torch.from_numpy(arrays[name]).float() for name in [*INPUTS, *TARGETS]))


def loss_on(model, batch, device):
    """The loss of a batch."""
    batch = [one.to(device) for one in batch]
    return loss_of(model(*batch[: len(INPUTS)]), <TARGETS_OF>)


def mean_over(total, count, device, distributed):
    """A mean over the samples of all processes."""
    sums = torch.tensor([total, count], dtype=torch.float32, device=device)
    if distributed:
        torch.distributed.all_reduce(sums)
    return (sums[0] / sums[1]).item()


def evaluate(model, loader, device, distributed):
    """The mean loss."""
    model.eval()
    total = count = 0
    with torch.no_grad():
        for batch in loader:
            total += loss_on(model, batch, device).item() * len(batch[0])
            count += len(batch[0])
    return mean_over(total, count, device, distributed)


def train(model, data, validation=None, epochs=<EPOCHS>, batch_size=<BATCH_SIZE>):
    """Train on one device, or on all processes that torchrun has started; says the losses of every epoch.

    With several processes a batch is that of each, so that together they are as many times as large.
    """
    distributed = torch.distributed.is_available() and torch.distributed.is_initialized()
    rank = torch.distributed.get_rank() if distributed else 0
    device = next(model.parameters()).device
    parallel = nn.parallel.DistributedDataParallel(model) if distributed else model

    def loader(samples, shuffle):
        sampler = DistributedSampler(samples, shuffle=shuffle, seed=<SEED>) if distributed else None
        return DataLoader(samples, batch_size or len(samples), shuffle=shuffle and not distributed, sampler=sampler)

    batches = loader(data, <SHUFFLE>)
    optimizer = <OPTIMIZER>
    <SCHEDULE>
    <NOTHING_YET>
    for epoch in range(epochs):
        if distributed:
            batches.sampler.set_epoch(epoch)
        parallel.train()
        total = count = 0
        for batch in batches:
            optimizer.zero_grad()
            loss = loss_on(parallel, batch, device)
            loss.backward()
            <CLIP>
            optimizer.step()
            <EACH_STEP>
            total += loss.item() * len(batch[0])
            count += len(batch[0])
        watched = mean_over(total, count, device, distributed)
        said = f"epoch {epoch + 1}: loss {watched:.6f}"
        if validation is not None:
            watched = evaluate(model, loader(validation, False), device, distributed)
            said += f", val_loss {watched:.6f}"
        if rank == 0:
            print(said, flush=True)
        <EACH_EPOCH>
        <WATCH>
    <AT_END>


def main():
    """Train on the samples of a file, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", help="an NPZ file with the arrays " + ", ".join([*INPUTS, *TARGETS]))
    parser.add_argument("--validation", help="another such file")
    parser.add_argument("--weights", help="weights to begin with (.safetensors)")
    parser.add_argument("--epochs", type=int, default=<EPOCHS>)
    parser.add_argument("--batch-size", type=int, default=<BATCH_SIZE>)
    parser.add_argument("--out", default="trained.safetensors", help="the file to write")
    args = parser.parse_args()
    distributed = "RANK" in os.environ
    cuda = torch.cuda.is_available()
    if distributed:
        torch.distributed.init_process_group("nccl" if cuda else "gloo")
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
    torch.manual_seed(<SEED>)
    model = Network()
    if args.weights:
        load_weights(model, args.weights)
    model.to(device)
    validation = dataset(args.validation) if args.validation else None
    train(model, dataset(args.data), validation, args.epochs, args.batch_size)
    if not distributed or torch.distributed.get_rank() == 0:
        save_file({name: one.contiguous() for name, one in model.state_dict().items()}, args.out)
    if distributed:
        torch.distributed.destroy_process_group()'''
