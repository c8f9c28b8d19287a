"""Everything that can be done to a project, as pure functions from a project to a project.

Names are the layers' identities. An edit that names a layer that is not there, or a wire that is not there, raises
KeyError: that is a programmer's mistake. Whether two ports may be joined is for `graph.connect` to say beforehand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from graph.layers.base import Layer, automatic_name
from graph.names import all_fresh, fresh, mended_name, wrong_name
from graph.network import Network, Wire
from graph.project import Position, Project
from graph.recipe import TrainingRecipe


def add_layer(project: Project, layer: Layer, position: Position = (0.0, 0.0), name: str | None = None) -> Project:
    """Put a layer on the canvas, under `name` or the next automatic one."""
    return add_layers(project, {name or fresh(automatic_name(layer), project.network.layers): layer}, {}, position)


def add_layers(
    project: Project,
    layers: Mapping[str, Layer],
    positions: Mapping[str, Position],
    default: Position = (0.0, 0.0),
    wires: Iterable[Wire] = (),
) -> Project:
    """Put layers with new names, and wires among or to them, on the canvas."""
    taken = layers.keys() & project.network.layers.keys()
    if taken:
        raise KeyError(f"there are layers of these names already: {sorted(taken)}")
    network = Network.of({**project.network.layers, **layers}, [*project.network.wires, *wires])
    places = {name: positions.get(name, default) for name in layers}
    return replace(project, network=network, positions=MappingProxyType({**project.positions, **places}))


def remove(project: Project, names: Collection[str] = (), wires: Collection[Wire] = ()) -> Project:
    """Take layers away with their wires, and single wires."""
    gone = set(names)
    _known(project, gone, wires)
    dropped = set(wires)
    network = Network.of(
        {name: layer for name, layer in project.network.layers.items() if name not in gone},
        [w for w in project.network.wires if w not in dropped and w.source not in gone and w.target not in gone],
    )
    return replace(
        project, network=network, positions=without(project.positions, gone), training=_forget(project, gone)
    )


def remove_and_heal(project: Project, names: Collection[str]) -> Project:
    """Take layers away and join what fed each of them to what it fed."""
    for name in names:
        wiring = project.network.wiring
        sources = wiring.into.get(name, ())
        healed = [
            Wire(before.source, after.target, before.source_port, after.target_port)
            for after in wiring.out_of.get(name, ())
            for before in sources[:1]
        ]
        project = remove(project, [name])
        for wire in healed:
            project = connect(project, wire)
    return project


def connect(project: Project, wire: Wire) -> Project:
    """Join two ports. On a port that takes one wire, the new one takes the old one's place."""
    _known(project, (wire.source, wire.target))
    layers = project.network.layers
    port = next((p for p in layers[wire.target].inputs if p.name == wire.target_port), None)
    single = port is not None and not port.many
    kept = [
        w
        for w in project.network.wires
        if w != wire and not (single and (w.target, w.target_port) == (wire.target, wire.target_port))
    ]
    return _rewired(project, [*kept, wire])


def disconnect(project: Project, wires: Collection[Wire]) -> Project:
    """Take wires away."""
    _known(project, wires=wires)
    gone = set(wires)
    return _rewired(project, [w for w in project.network.wires if w not in gone])


def insert(project: Project, wire: Wire, name: str) -> Project:
    """Lead a wire through the layer `name`, from its first input to its first output."""
    _known(project, [name], [wire])
    layer = project.network.layers[name]
    first = Wire(wire.source, name, wire.source_port, layer.inputs[0].name)
    second = Wire(name, wire.target, layer.outputs[0].name, wire.target_port)
    wires = [second if w == wire else w for w in project.network.wires]
    return _rewired(project, [*wires, first])


def reorder_inputs(project: Project, target: str, wires: Collection[Wire]) -> Project:
    """Give the wires into one layer another order; `wires` are all of them."""
    if sorted(wires) != sorted(project.network.wiring.into.get(target, ())):
        raise KeyError(f"these are not the wires into {target!r}")
    others = [w for w in project.network.wires if w.target != target]
    return _rewired(project, [*others, *wires])


def set_parameters(project: Project, name: str, changes: Mapping[str, Any]) -> Project:
    """Change parameters of one layer. Raises ParameterError for a value that its declaration does not take."""
    layer = project.network.layers[name]
    return replace_layer(project, name, layer.with_(**changes))


def replace_layer(project: Project, name: str, layer: Layer) -> Project:
    """Put another layer in the place of one, wires and all."""
    return replace(project, network=project.network.with_layer(name, layer))


def rename(project: Project, old: str, new: str) -> Project:
    """Give a layer another name, everywhere it is used."""
    _known(project, [old])
    if new == old:
        return project
    if new in project.network.layers:
        raise KeyError(f"there is a layer named {new!r} already")
    wrong = wrong_name(new)
    if wrong is not None:
        raise KeyError(f"{new!r}: {wrong}")
    layers = {new if name == old else name: layer for name, layer in project.network.layers.items()}
    wires = [
        replace(w, source=new if w.source == old else w.source, target=new if w.target == old else w.target)
        for w in project.network.wires
    ]
    positions = {new if name == old else name: place for name, place in project.positions.items()}
    outputs = {new if name == old else name: recipe for name, recipe in project.training.outputs.items()}
    return replace(
        project,
        network=Network.of(layers, wires),
        positions=MappingProxyType(positions),
        training=replace(project.training, outputs=MappingProxyType(outputs)),
    )


def mend_name(project: Project, name: str) -> Project:
    """Give a layer the nearest name that it can have."""
    return rename(project, name, mended_name(name, project.network.layers))


def move(project: Project, positions: Mapping[str, Position]) -> Project:
    """Put cards elsewhere; the network stays the same object."""
    _known(project, positions)
    return replace(project, positions=MappingProxyType({**project.positions, **positions}))


def set_data(project: Project, **changes: Any) -> Project:
    """Change the data recipe."""
    return replace(project, data=replace(project.data, **changes))


def set_training(project: Project, **changes: Any) -> Project:
    """Change the training recipe."""
    return replace(project, training=replace(project.training, **changes))


def set_notes(project: Project, notes: str) -> Project:
    """Change the notes."""
    return replace(project, notes=notes)


def extract(project: Project, names: Collection[str]) -> Project:
    """A project of only these layers and the wires among them: what copying takes along."""
    _known(project, names)
    kept = set(names)
    network = Network.of(
        {name: layer for name, layer in project.network.layers.items() if name in kept},
        [w for w in project.network.wires if w.source in kept and w.target in kept],
    )
    return Project(network, {name: place for name, place in project.positions.items() if name in kept})


def paste(project: Project, piece: Project, offset: Position = (0.0, 0.0)) -> tuple[Project, dict[str, str]]:
    """Add a copied piece under fresh names. Returns the project and the new name of each pasted layer."""
    names = all_fresh(piece.network.layers, project.network.layers)
    layers = {names[name]: layer for name, layer in piece.network.layers.items()}
    positions = {names[name]: (x + offset[0], y + offset[1]) for name, (x, y) in piece.positions.items()}
    wires = [replace(w, source=names[w.source], target=names[w.target]) for w in piece.network.wires]
    return add_layers(project, layers, positions, wires=wires), names


def without(mapping: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """A mapping with some names left out; the same object where none of them is in it."""
    if not any(name in mapping for name in names):
        return mapping
    return MappingProxyType({name: value for name, value in mapping.items() if name not in names})


def _known(project: Project, names: Collection[str] = (), wires: Collection[Wire] = ()) -> None:
    missing = set(names) - project.network.layers.keys()
    loose = set(wires) - set(project.network.wires) if wires else ()
    if missing or loose:
        raise KeyError(f"not in the project: {sorted(missing) or sorted(loose)}")


def _rewired(project: Project, wires: Iterable[Wire]) -> Project:
    return replace(project, network=Network.of(project.network.layers, wires))


def _forget(project: Project, names: Collection[str]) -> TrainingRecipe:
    outputs = without(project.training.outputs, names)
    if outputs is project.training.outputs:
        return project.training
    return replace(project.training, outputs=outputs)
