"""Commands of the artist: each known once, with its name, its keys, when it can be done, and how.

Menus, tooltips, the list of shortcuts and the command palette all read the same :class:`Command`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QHelpEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QToolTip, QWidget

from studio.ui.disabled_reason import enable_unless
from studio.ui.theme import icon

SHORTCUTS: Final[dict[str, tuple[str, ...]]] = {
    # Everywhere
    "file.open": ("Ctrl+O",),
    "file.save": ("Ctrl+S",),
    "file.export": ("Ctrl+Shift+E",),
    "file.models": ("Ctrl+M",),
    "file.settings": ("Ctrl+,",),
    "file.quit": ("Ctrl+Q",),
    "edit.undo": ("Ctrl+Z",),
    "edit.redo": ("Ctrl+Shift+Z", "Ctrl+Y"),
    "edit.copy": ("Ctrl+C",),
    "edit.paste": ("Ctrl+V",),
    "view.explore": ("Ctrl+1",),
    "view.stylize": ("Ctrl+2",),
    "view.gallery": ("Ctrl+3",),
    "view.train": ("Ctrl+4",),
    "view.finish": ("Ctrl+5",),
    "view.fit": ("Ctrl+0",),
    "view.actual-size": ("Ctrl+Alt+0",),
    "view.zoom-in": ("Ctrl++", "Ctrl+="),
    "view.zoom-out": ("Ctrl+-",),
    "view.wipe": ("Ctrl+B",),
    "view.full-screen": ("F11",),
    "help.guide": ("F1",),
    "help.shortcuts": ("Ctrl+/",),
    "help.palette": ("Ctrl+K",),
    # In several rooms, always for the same thing
    "picture.stylize": ("Ctrl+T",),
    "picture.finish": ("Ctrl+Shift+T",),
    "picture.copy-recipe": ("Ctrl+Shift+C",),
    "picture.favourite": ("Ctrl+D",),
    "selection.remove": ("Del",),
    "step.previous": ("PgUp",),
    "step.next": ("PgDown",),
    "work.pause": ("Ctrl+Shift+P",),
    # Explore
    "explore.random": ("R",),
    "explore.sheet": ("G",),
    "explore.pick": ("P",),
    "explore.play": ("Ctrl+Space",),
    "explore.keep": ("Ctrl+Shift+Space",),
    "explore.tool-picture": ("Alt+1",),
    "explore.tool-directions": ("Alt+2",),
    "explore.tool-variations": ("Alt+3",),
    "explore.tool-mix": ("Alt+4",),
    "explore.tool-blend": ("Alt+5",),
    "explore.tool-breeding": ("Alt+6",),
    "explore.tool-drag": ("Alt+7",),
    "explore.tool-map": ("Alt+8",),
    "explore.tool-networks": ("Alt+9",),
    "explore.tool-sheet": ("Alt+0",),
    "explore.tool-photo": ("Alt+Shift+P",),
    "explore.drag": ("Shift+D",),
    "explore.find-photo": ("Shift+P",),
    "explore.keep-model": ("Shift+M",),
    "explore.walk": ("W",),
    "explore.reset-directions": ("Shift+R",),
    "explore.vary": ("V",),
    "explore.breed": ("Shift+B",),
    "explore.family": ("Shift+F",),
    "explore.mix-grid": ("Shift+G",),
    "explore.slot-a": ("Alt+A",),
    "explore.slot-b": ("Alt+B",),
    "explore.keep-a": ("Alt+Shift+A",),
    "explore.keep-b": ("Alt+Shift+B",),
    "explore.flip": ("X",),
    # Stylize
    "stylize.photo": ("Ctrl+Shift+O",),
    "stylize.styles": ("Ctrl+Shift+A",),
    "stylize.library": ("Ctrl+L",),
    "stylize.sheet": ("Ctrl+Shift+Y",),
    "stylize.batch": ("Ctrl+Shift+B",),
    "stylize.clip": ("Ctrl+Shift+V",),
    "stylize.render": ("Ctrl+Return",),
    "stylize.stop": ("Ctrl+.",),
    "stylize.play-clip": ("Space",),
    "style.rename": ("F2",),
    # Finish
    "finish.paint": ("B",),
    "finish.proposals": ("Ctrl+Shift+N",),
    # Gallery
    "gallery.show-file": ("Ctrl+Shift+R",),
    "gallery.search": ("Ctrl+F",),
    "gallery.refresh": ("F5",),
    # Train
    "train.new": ("Ctrl+N",),
    "train.explore": ("Ctrl+E",),
    "train.use-picture": ("Ins",),
    "train.crop": ("Ctrl+Shift+K",),
    "train.keep-both": ("K",),
    "train.keep-left": ("Ctrl+Left",),
    "train.keep-right": ("Ctrl+Right",),
}
"""The keys of every command by its id; the first is the one that is shown. No key does two things."""


@dataclass(frozen=True, eq=False)
class Command:
    """One thing the artist can do.

    Attributes
    ----------
    id : "place.what"; :data:`SHORTCUTS` has its keys under it.
    title : in the language in use, with ``&`` before its letter and `` …`` when it asks more; a function where it
        changes with what is shown.
    run : does it.
    icon : name of an icon, or empty.
    enabled : whether it can be done now; always, when there is none. A text is a sentence on what has to be done
        first: empty, it can be done.
    checked : whether what it switches is on, for a command that is a switch.
    tip : what it does, for tooltips; the title says it when there is none.
    role : where macOS puts it.
    """

    id: str
    title: str | Callable[[], str]
    run: Callable[[], object]
    icon: str = ""
    enabled: Callable[[], bool | str] | None = None
    checked: Callable[[], bool] | None = None
    tip: str = ""
    role: QAction.MenuRole = QAction.MenuRole.NoRole

    @property
    def shortcut(self) -> tuple[str, ...]:
        """Its keys, in Qt's portable spelling; the first is the one that is shown."""
        return SHORTCUTS.get(self.id, ())

    def text(self) -> str:
        """The title as a menu shows it."""
        return self.title if isinstance(self.title, str) else self.title()

    def plain_text(self) -> str:
        """The title without its letter, which Chinese menus name in brackets, and without its dots."""
        return plain(self.text())

    def tooltip(self) -> str:
        """Its tip, or else its title, with its keys."""
        return with_keys(self.tip or self.plain_text(), self.id)

    def is_enabled(self) -> bool:
        """Return whether it can be done now."""
        return self.state()[0]

    def reason(self) -> str:
        """A sentence on what has to be done before it can be done; empty when it can, or when nothing is known."""
        return self.state()[1]

    def state(self) -> tuple[bool, str]:
        """A pair: whether it can be done now, and the reason if not."""
        found = True if self.enabled is None else self.enabled()
        return (not found, found) if isinstance(found, str) else (found, "")


def plain(text: str) -> str:
    """The text of a menu entry without its underlined letter and its dots."""
    return re.sub(r"\(&.\)|&", "", text).rstrip("… ")


def native_keys(name: str) -> str:
    """The first keys of the command ``name`` as this system writes them; empty when it has none."""
    keys = SHORTCUTS.get(name, ())
    return _native(keys[0]) if keys else ""


def all_native_keys(name: str) -> str:
    """All keys of the command ``name`` as this system writes them, with commas between."""
    return ", ".join(map(_native, SHORTCUTS.get(name, ())))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def with_keys(text: str, name: str) -> str:
    """A tooltip: ``text``, and the keys of the command ``name`` in brackets."""
    keys = native_keys(name)
    return f"{text} ({keys})" if keys else text


def key_sequences(name: str) -> list[QKeySequence]:
    """The keys of the command ``name``, for whatever Qt object takes them."""
    return [QKeySequence(keys) for keys in SHORTCUTS.get(name, ())]


REASON: Final = "reason"
"""Property of an action: what has to be done before it can be done."""


class GreyedReasons(QObject):
    """Shows over the greyed entries of a menu, as tooltips, what has to be done first."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self._menu = menu
        menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._menu or event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return super().eventFilter(watched, event)
        action = self._menu.actionAt(event.pos())
        reason = "" if action is None or action.isEnabled() else action.property(REASON)
        if action is not None and reason:
            QToolTip.showText(event.globalPos(), reason, self._menu, self._menu.actionGeometry(action))
        else:
            QToolTip.hideText()
        return True


class _Attached(QObject):
    """Keeps a button like its command's action, as long as the button lives."""

    def __init__(self, button: QAbstractButton, action: QAction) -> None:
        super().__init__(button)
        self._button, self._action = button, action
        button.clicked.connect(action.trigger)
        action.changed.connect(self.show)
        self.show()

    def show(self) -> None:
        """Grey the button out, with the reason, while the command cannot be done."""
        enable_unless(self._button, self._action.property(REASON) or "")
        self._button.setEnabled(self._action.isEnabled())


class CommandSet(QObject):
    """Commands in the order of their menu, each with the ``QAction`` that menus and tool buttons show."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._order: list[QAction] = []

    def add(self, *commands: Command) -> None:
        """Add commands at the end; :meth:`refresh` then says which of them can be done.

        Raises
        ------
        ValueError
            When one of that id is there already.
        """
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"two commands are called {command.id!r}")
            action = QAction(command.text(), self)
            action.setMenuRole(command.role)
            action.setShortcuts(key_sequences(command.id))
            action.setToolTip(command.tooltip())
            action.setCheckable(command.checked is not None)
            if command.icon:
                action.setIcon(icon(command.icon))
            action.triggered.connect(lambda _checked=False, command=command: self.run(command.id))
            self._commands[command.id] = command
            self._actions[command.id] = action
            self._order.append(action)

    def add_separator(self) -> None:
        """A line in the menu."""
        line = QAction(self)
        line.setSeparator(True)
        self._order.append(line)

    def commands(self) -> list[Command]:
        """All, in the order in which they were added."""
        return list(self._commands.values())

    def command(self, name: str) -> Command:
        """The command with the id ``name``."""
        return self._commands[name]

    def action(self, name: str) -> QAction:
        """The action of the command with the id ``name``."""
        return self._actions[name]

    def actions(self, names: Sequence[str] | None = None) -> list[QAction]:
        """The menu with its lines, or the actions of ``names`` in their order."""
        return list(self._order) if names is None else [self._actions[name] for name in names]

    def run(self, name: str) -> bool:
        """Do it; False when it cannot be done now."""
        command = self._commands[name]
        done = command.is_enabled()
        if done:
            command.run()
        self.refresh()
        return done

    def attach(self, button: QAbstractButton, name: str) -> None:
        """Let ``button`` stand for a command: icon, keys, enabled while it can be done, and a click does it.

        Icon and tooltip are the button's own, if it has them, with the keys behind the tooltip; before it, while the
        command cannot be done, what has to be done first.
        """
        command, action = self._commands[name], self._actions[name]
        if command.icon and button.icon().isNull():
            button.setIcon(icon(command.icon))
        button.setToolTip(with_keys(button.toolTip(), name) if button.toolTip() else command.tooltip())
        _Attached(button, action)

    def add_keys(self, widget: QWidget, context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut) -> None:
        """Let the keys of all commands work at ``widget``, while it is seen.

        Parameters
        ----------
        context : where the keys are heard: in the whole window of ``widget``, in it, or in it and what it holds.
        """
        for action in self._actions.values():
            action.setShortcutContext(context)
            widget.addAction(action)

    def refresh(self) -> None:
        """Bring names, ticks and what is greyed out up to date."""
        for name, command in self._commands.items():
            action = self._actions[name]
            possible, reason = command.state()
            before = action.property(REASON) or ""
            action.setProperty(REASON, reason)
            action.setEnabled(possible)
            if reason != before:
                action.changed.emit()
            if command.checked is not None:
                action.setChecked(command.checked())
            if not isinstance(command.title, str):
                action.setText(command.text())
            action.setToolTip("\n".join(part for part in (reason, command.tooltip()) if part))
