"""Make the pictures of the window for the README and the guide: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.formats import export  # noqa: E402
from engine.templates import make  # noqa: E402
from graph.edits import set_parameters  # noqa: E402
from gui.offscreen import picture, settle, wait, window  # noqa: E402
from gui.theme import Mode  # noqa: E402

FOLDER = ROOT / "docs" / "images"


def main() -> None:
    """Light and dark, a problem shown, training under way, training done; and the diagram."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    modes: tuple[Mode, ...] = ("light", "dark")
    for mode in modes:
        with (
            tempfile.TemporaryDirectory() as folder,
            window(Path(folder) / "digits.netloom", "digits", mode=mode) as it,
        ):
            controller = it.training.controller
            it.show_tab("training")
            it.jump_to("conv2d_1")
            controller.toggle()
            wait(lambda run=controller: run.progress.epoch > 12, controller)
            picture(it, FOLDER / f"training-{mode}.png")
            wait(lambda run=controller: not run.state.busy, controller)
            settle()
            picture(it, FOLDER / f"trained-{mode}.png")
            it.show_tab("confusion")
            settle()
            picture(it, FOLDER / f"confusion-{mode}.png")
            too_large = {"kernel_size": (9, 9), "padding": "valid"}
            it.document.edit("Set", partial(set_parameters, name="conv2d_1", changes=too_large))
            it.show_tab("problems")
            settle()
            picture(it, FOLDER / f"problem-{mode}.png")
    export(make("digits")[0], FOLDER / "digits.diagram.svg")
    for path in sorted([*FOLDER.glob("*.png"), *FOLDER.glob("*.svg")]):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
