"""The program that trains a PyTorch module as the recipe says, on one device or on several processes."""

from __future__ import annotations

from engine.formats.python_text import filled, python
from engine.formats.pytorch.recipe import clip_lines, optimizer_call, schedule_call
from graph.inference import Inference
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import ReduceLROnPlateau

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
