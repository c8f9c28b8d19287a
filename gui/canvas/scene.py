"""The cards and wires of a project, kept in step with the document by comparing values by identity."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from graph.check import Check
from graph.infer import Inferred
from graph.layers.base import Layer
from graph.network import Network, Wire
from graph.problem import Problem
from graph.project import Position, Project
from gui.canvas.geometry import Box, CardIndex, around, fanned
from gui.canvas.node_item import NodeItem
from gui.canvas.port_item import Port
from gui.canvas.routes import Routes
from gui.canvas.wire_item import WireItem
from gui.theme import Theme

UNKNOWN = Inferred()


class CanvasScene(QGraphicsScene):
    """Shows a project and its check. It changes neither; what a gesture moves here it commits to the document."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.shown = Project()
        self.check: Check | None = None
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.cards = CardIndex()
        self.routes = Routes(self.wires, self.cards, self.ends_of, self)
        self._attached: dict[str, set[Wire]] = {}
        self._chosen: set[str] = set()
        self._lit: set[Wire] = set()
        self._beside: set[Wire] = set()

    @property
    def network(self) -> Network:
        """The network on the canvas."""
        return self.shown.network

    def follow(self, project: Project, check: Check) -> Generator[None, None, dict[str, Position]]:
        """Show this project, one card or wire a step: many at once would hold the window up.

        Only what is another object than before is touched. Returns the cards that were there before and stand
        elsewhere now, with their old places.
        """
        before, self.shown = self.shown, project
        checked, self.check = self.check, check
        moved: dict[str, Position] = {}
        new = project.network.layers.keys() - self.nodes.keys()
        if project.network is not before.network:
            yield from self._follow_network(before.network, project.network)
        if project.positions is not before.positions:
            moved = self._follow_positions(project.positions)
        if check is not checked:
            yield from self._follow_check(checked, check, new)
        return moved

    def _follow_network(self, before: Network, after: Network) -> Iterator[None]:
        changed: list[Box] = []
        moved: set[Wire] = set()
        if before.wiring is not after.wiring:
            old, new = set(before.wires), set(after.wires)
            for wire in old - new:
                self._remove_wire(wire)
                yield
            for name in before.layers:
                if name not in after.layers:
                    changed.append(self._remove_node(name))
                    yield
        for name, layer in after.layers.items():
            if before.layers.get(name) is not layer:
                if name in self.nodes:
                    self._set_content(name, layer, moved)
                else:
                    changed.append(self._add_node(name, layer))
                yield
        if before.wiring is not after.wiring:
            fresh = [wire for wire in after.wires if wire not in self.wires]
            for wire in fresh:
                self._add_wire(wire)
                yield
            touched = {wire.target for wire in old ^ new}
            moved |= {wire for name in touched for wire in after.wiring.into.get(name, ())}
            moved |= set(fresh)
        self.routes.look_again(moved, changed)

    def _follow_positions(self, positions: Mapping[str, Position]) -> dict[str, Position]:
        moved = {
            name: (item.x(), item.y())
            for name, item in self.nodes.items()
            if (item.x(), item.y()) != positions.get(name, (0.0, 0.0))
        }
        if moved:
            self.place({name: positions.get(name, (0.0, 0.0)) for name in moved})
        return moved

    def _follow_check(self, before: Check | None, after: Check, new: Collection[str]) -> Iterator[None]:
        moved: set[Wire] = set()
        old = before.inference.layers if before is not None else {}
        for name, inferred in after.inference.layers.items():
            same = old.get(name) is inferred and before is not None and before.of(name) == after.of(name)
            if not same and name in self.nodes and name not in new:
                self._set_content(name, self.nodes[name].layer, moved)
                yield
        if moved:
            self.routes.look_again(moved)

    def _set_content(self, name: str, layer: Layer, moved: set[Wire]) -> None:
        item = self.nodes[name]
        if item.set_content(layer, *self._known(name)):
            self.cards.put(name, item.box)
            moved |= self._attached.get(name, set())

    def _known(self, name: str) -> tuple[Inferred, Sequence[Problem]]:
        if self.check is None:
            return UNKNOWN, ()
        return self.check.inference.layers.get(name, UNKNOWN), self.check.of(name)

    def _add_node(self, name: str, layer: Layer) -> Box:
        inferred, problems = self._known(name)
        item = NodeItem(name, layer, inferred, self.theme, problems)
        item.setPos(*self.shown.positions.get(name, (0.0, 0.0)))
        self.nodes[name] = item
        self.cards.put(name, item.box)
        self.addItem(item)
        return item.box

    def _remove_node(self, name: str) -> Box:
        item = self.nodes.pop(name)
        self.cards.drop(name)
        self._attached.pop(name, None)
        self._chosen.discard(name)
        self.removeItem(item)
        return item.box

    def _add_wire(self, wire: Wire) -> None:
        item = WireItem(wire, self.theme)
        self.wires[wire] = item
        for name in (wire.source, wire.target):
            self._attached.setdefault(name, set()).add(wire)
        self.addItem(item)

    def _remove_wire(self, wire: Wire) -> None:
        for name in (wire.source, wire.target):
            self._attached[name].discard(wire)
        self._lit.discard(wire)
        self._beside.discard(wire)
        self.routes.forget(wire)
        self.removeItem(self.wires.pop(wire))

    def place(self, positions: Mapping[str, Position]) -> None:
        """Put cards elsewhere on the canvas; the document does not know of it."""
        changed = [self.nodes[name].box for name in positions]
        for name, position in positions.items():
            item = self.nodes[name]
            item.setPos(*position)
            self.cards.put(name, item.box)
            changed.append(item.box)
        self.routes.look_again(self.attached(positions), changed)

    def attached(self, names: Iterable[str]) -> set[Wire]:
        """The wires that end or start at these cards."""
        return set(chain.from_iterable(self._attached.get(name, ()) for name in names))

    def port_point(self, name: str, side: str, port: str) -> Position:
        """Where a port stands on the canvas."""
        item = self.nodes[name]
        place = next((p.place for p in item.ports if (p.side, p.name) == (side, port)), (0.0, 38.0))
        return (item.x() + place[0], item.y() + place[1])

    def ends_of(self, wire: Wire) -> tuple[Position, Position]:
        """Where a wire starts and ends on the canvas."""
        x, y = self.port_point(wire.target, "input", wire.target_port)
        down = fanned(wire, self.network.wiring.into.get(wire.target, ()))
        return self.port_point(wire.source, "output", wire.source_port), (x, y + down)

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The card under a point."""
        x, y = point.x(), point.y()
        found = [self.nodes[name] for name in self.cards.near((x, y, x, y))]
        return max(found, key=lambda item: item.zValue(), default=None)

    def wire_at(self, point: QPointF, reach: float) -> WireItem | None:
        """The wire under a point, or less than `reach` away."""
        area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        found = [item for item in self.items(area) if isinstance(item, WireItem)]
        return found[0] if found else None

    def port_at(self, point: QPointF, reach: float) -> tuple[NodeItem, Port] | None:
        """The nearest port less than `reach` away from a point."""
        x, y = point.x(), point.y()
        near = self.cards.near((x - reach, y - reach, x + reach, y + reach))
        found = [
            ((item.x() + port.place[0] - x) ** 2 + (item.y() + port.place[1] - y) ** 2, name, port)
            for name in near
            for item in [self.nodes[name]]
            for port in item.ports
        ]
        distance, name, port = min(found, key=lambda f: f[:2], default=(reach**2 + 1, "", None))
        return (self.nodes[name], port) if port is not None and distance <= reach**2 else None

    def content_box(self, names: Collection[str] | None = None) -> Box | None:
        """The box that holds these cards, or all."""
        return around(self.cards.boxes[name] for name in (self.nodes if names is None else names))

    def show_selection(self, names: Collection[str], wires: Collection[Wire]) -> None:
        """Show which cards and wires are selected."""
        chosen, lit = self.nodes.keys() & set(names), self.wires.keys() & set(wires)
        beside = self.attached(chosen)
        for name in chosen ^ self._chosen:
            self.nodes[name].set_state(selected=name in chosen)
        for wire in (lit ^ self._lit) | (beside ^ self._beside):
            self.wires[wire].set_state(selected=wire in lit, beside_selection=wire in beside)
        self._chosen, self._lit, self._beside = chosen, lit, beside

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        for node in self.nodes.values():
            node.set_theme(theme)
        for wire in self.wires.values():
            wire.set_theme(theme)
        self.update()
