"""What makes a module of Keras code a program: it trains on the samples of a file, on all devices of a machine."""

from __future__ import annotations

from engine.formats.keras_network import entry_name
from engine.formats.python_text import filled, python
from graph.inference import Inference
from graph.recipe import TrainingRecipe

PROGRAM = '''\
def dataset(path, devices=1):
    """The samples of an NPZ file, without the last ones where they cannot be shared evenly."""
    with np.load(path, allow_pickle=False) as arrays:
        x, y = <X>, <Y>
    count = len(keras.tree.flatten(x)[0])
    return keras.tree.map_structure(lambda one: one[: count - count % devices], (x, y))


def share_batches():
    """Share every batch among the devices of this machine, as Keras does with JAX; returns how many there are."""
    devices = len(keras.distribution.list_devices()) if keras.backend.backend() == "jax" else 1
    if devices > 1:
        keras.distribution.set_distribution(keras.distribution.DataParallel())
    return devices


def main():
    """Train on the samples of a file, and write the model; without a file, tell of the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", help=<NAMES>)
    parser.add_argument("--validation", help="another such file")
    <WEIGHTS>
    parser.add_argument("--epochs", type=int, default=<EPOCHS>)
    parser.add_argument("--batch-size", type=int, default=<BATCH_SIZE>)
    parser.add_argument("--out", default="trained.keras", help="the file to write")
    args = parser.parse_args()
    keras.utils.set_random_seed(<SEED>)
    devices = share_batches()
    model = build_model()
    compile_model(model)
    <LOAD>
    if args.data is None:
        model.summary()
        return
    validation = dataset(args.validation, devices) if args.validation else None
    batch_size = args.batch_size and args.batch_size + -args.batch_size % devices
    train(model, *dataset(args.data, devices), validation, epochs=args.epochs, batch_size=batch_size)
    model.save(args.out)


if __name__ == "__main__":
    main()'''
WEIGHTS = 'parser.add_argument("--weights", help="weights to begin with (.npz)")'
LOAD = "if args.weights:\n    load_weights(model, args.weights)"


def program(training: TrainingRecipe, inference: Inference) -> str:
    """The functions of the program, and its call."""
    one_input, one_result = len(inference.entries) == 1, len(inference.results) == 1
    inputs = {entry_name(inference, entry): entry for entry in inference.entries}
    results = {result: result for result in inference.results}
    names = [*(["x"] if one_input else inputs.values()), *(["y"] if one_result else results)]
    has_weights = inference.parameters > 0
    values = {
        "X": 'arrays["x"]' if one_input else _named(inputs),
        "Y": 'arrays["y"]' if one_result else _named(results),
        "NAMES": python(f"an NPZ file with the arrays {', '.join(names)}".replace("%", "%%")),
        "WEIGHTS": WEIGHTS if has_weights else "",
        "EPOCHS": python(training.epochs),
        "BATCH_SIZE": python(training.batch_size),
        "SEED": python(training.seed),
        "LOAD": LOAD if has_weights else "",
    }
    return filled(PROGRAM, values)


def _named(arrays: dict[str, str]) -> str:
    return "{" + ", ".join(f"{python(name)}: arrays[{python(array)}]" for name, array in arrays.items()) + "}"
