"""The menu of samples, wherever they are shown in the room: the same for the picture and all lists."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from studio.recipes import SampleRecipe
from studio.ui.theme import icon
from studio.ui.widgets import enable_unless

Act = Callable[[list[SampleRecipe]], object]


class SampleMenu:
    """Builds the menu.

    Parameters
    ----------
    acts : what each entry does, by its name; an entry without one is left out.
    senseless : names of entries that make no sense for some samples.
    """

    def __init__(
        self, owner: QWidget, acts: dict[str, Act], senseless: Callable[[list[SampleRecipe]], Collection[str]]
    ) -> None:
        self._owner, self._acts, self._senseless = owner, acts, senseless

    def build(self, samples: list[SampleRecipe], *, without: tuple[str, ...] = ()) -> QMenu:
        """The menu for ``samples``; ``without`` names entries that make no sense where it opens."""
        menu = QMenu(self._owner)
        menu.setToolTipsVisible(True)
        translate = QCoreApplication.translate
        one = len(samples) == 1
        left_out = {*without, *self._senseless(samples)}
        entries = (
            ("open", "check", translate("SampleMenu", "Go on with it"), one),
            ("pick", "add", translate("SampleMenu", "Add to picks"), True),
            ("", "", "", True),
            ("more", "add", translate("SampleMenu", "More like this"), True),
            ("less", "remove", translate("SampleMenu", "Less like this"), True),
            ("mix", "mix", translate("SampleMenu", "Mix into the picture"), True),
            ("blend", "blend", translate("SampleMenu", "Pin to the blend pad"), True),
            ("parent-a", "family", translate("SampleMenu", "Make parent A"), one),
            ("parent-b", "family", translate("SampleMenu", "Make parent B"), one),
            ("cover", "cover", translate("SampleMenu", "Make it a cover"), True),
            ("uncover", "cover", translate("SampleMenu", "Take it off the covers"), True),
            ("", "", "", True),
            ("save", "save", translate("SampleMenu", "Save to the gallery"), True),
            ("export", "export", translate("SampleMenu", "Export …"), one),
            ("copy", "copy", translate("SampleMenu", "Copy picture"), one),
            ("recipe", "copy", translate("SampleMenu", "Copy recipe"), one),
            ("stylize", "stylize", translate("SampleMenu", "Use in the stylizer"), one),
            ("finish", "finish", translate("SampleMenu", "Finish it"), one),
            ("remove", "trash", translate("SampleMenu", "Take out of the picks"), True),
        )
        for name, glyph, text, sensible in entries:
            if not name:
                menu.addSeparator()
            elif name in self._acts and name not in left_out:
                action = menu.addAction(icon(glyph), text)
                action.setData(name)
                enable_unless(action, "" if sensible else translate("SampleMenu", "For one picture at a time."))
                action.triggered.connect(lambda _=False, act=self._acts[name]: act(samples))
        return menu

    def open(self, samples: list[SampleRecipe], at: QPoint, *, without: tuple[str, ...] = ()) -> None:
        """Show the menu at a place on the screen."""
        self.build(samples, without=without).exec(at)
