"""The window: the rail with the five rooms, menus, the status bar, and whatever is dropped or pasted anywhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from studio import __version__
from studio.base.app_settings import AppSettings
from studio.base.errors import Hint, StudioError
from studio.base.paths import data_dir
from studio.base.pytorch import PyTorchMissing
from studio.base.trash import forget_trashed
from studio.checkpoints import MODEL_SUFFIXES, MORE_MODEL_SUFFIXES
from studio.media.photos import CLIP_SUFFIXES, IMAGE_SUFFIXES
from studio.ui.command import Command, CommandSet, GreyedReasons, plain
from studio.ui.context import StudioContext
from studio.ui.help import GLOSSARY, help_desk, topic_at
from studio.ui.local_files import chosen_path, local_url
from studio.ui.room import Room
from studio.ui.room_id import RoomId
from studio.ui.shell.arrivals import Arrivals
from studio.ui.shell.commands import CommandRegistry, Place
from studio.ui.shell.focus_keeper import FocusKeeper
from studio.ui.shell.help import KEYBOARD, HelpWindow
from studio.ui.shell.intake import Intake
from studio.ui.shell.palette import CommandPalette
from studio.ui.shell.pytorch_notice import PyTorchNotice
from studio.ui.shell.quitting import Answer, QuitQuestion, QuittingWindow, RestartQuestion
from studio.ui.shell.rail import Rail
from studio.ui.shell.rooms import ROOMS
from studio.ui.shell.settings_dialog import SettingsDialog
from studio.ui.shell.shown_canvases import ShownCanvases
from studio.ui.shell.status import DeviceStatus, JobStatus
from studio.ui.shell.window_memory import (
    SessionKeeper,
    note_places,
    restore_other,
    restore_splitters,
    restore_window,
)
from studio.ui.theme import ThemeName, apply_theme
from studio.ui.widgets import MessageBar
from studio.ui.widgets.hint_line import HintLine
from studio.ui.widgets.wheel import guard_wheel
from studio.worker import Finishing, thread_pool

if TYPE_CHECKING:
    from studio.ui.models import ModelsWindow

_STATUS_HEIGHT = 36
_NEWS_MS = 6000
_DEVICE_PATIENCE_MS = 250
"""A device thread that is in one long step when the program ends is not waited for longer."""
"""What one press of the keys for zooming does."""

log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """One window with the five rooms. Rooms are made when first shown, the others soon after the window is up."""

    def __init__(self, context: StudioContext) -> None:
        super().__init__()
        self.context = context
        self._rooms: dict[RoomId, Room] = {}
        self._canvases = ShownCanvases(self.current_room, self)
        self._canvases.changed.connect(self._show_zoom)
        FocusKeeper(self, self._picture)
        self._current = RoomId.EXPLORE
        self._help: HelpWindow | None = None
        self._models: ModelsWindow | None = None
        self._palette: CommandPalette | None = None
        self._closed = False
        self._asked_to_end = False
        self.starts_again = False
        """Whether the program is to be started once more when it has ended."""
        self.commands = CommandRegistry(self._places)
        self.intake = Intake(context, self)
        self._session = SessionKeeper(self._rooms, self._noted_settings, self)
        self.setWindowTitle("Latent Studio")
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 520)

        self.pytorch_notice = PyTorchNotice(context.worker)
        self.pytorch_notice.againWanted.connect(self.start_again)
        self._stack = QStackedWidget()
        for _ in ROOMS:
            self._stack.addWidget(QWidget())
        room = QWidget()
        self.message_bar = MessageBar(room)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pytorch_notice)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = Rail(Intake.may_take)
        self.rail.wanted.connect(lambda which: self.show_room(RoomId(which)))
        self.rail.dropped.connect(self._take_on_tab)
        row.addWidget(self.rail)
        row.addWidget(room, 1)
        center = QWidget()
        center.setLayout(row)
        self.setCentralWidget(center)

        self.job_status = JobStatus(context.worker)
        self.device_status = DeviceStatus(context.worker)
        self.zoom_status = QLabel()
        self.zoom_status.setProperty("muted", True)
        self.hints = HintLine()
        self.statusBar().addWidget(self.hints, 1)
        self.hints.hide()  # a status bar shows what it is given
        self.statusBar().addPermanentWidget(self.job_status)
        self.statusBar().addPermanentWidget(self.zoom_status)
        self.statusBar().addPermanentWidget(self.device_status)
        self.statusBar().setSizeGripEnabled(False)
        # A job that starts or ends must not change the size of the picture above.
        self.statusBar().setMinimumHeight(_STATUS_HEIGHT)
        self._make_menus()
        self.rail.add_command(self.file_commands.command("file.settings"), self.tr("Settings"))
        self.rail.add_command(self.help_commands.command("help.guide"), self.tr("Help"))

        self._arrivals = Arrivals(context, self.intake, self, self.hints, self)
        self.intake.started.connect(self.job_status.add)
        context.working.connect(self.job_status.add)
        help_desk().wanted.connect(self.open_help)
        context.roomWanted.connect(lambda which: self.show_room(RoomId(which)))
        context.moreModelsWanted.connect(self.get_more_models)
        context.notify.connect(lambda message: self.statusBar().showMessage(message, _NEWS_MS))
        context.problem.connect(self._show_problem)
        context.offer.connect(self.hints.show_offer)
        context.worker.deviceFailed.connect(self.message_bar.show_problem)

        restore_window(self, context.settings)
        last = context.settings.last_room
        self.show_room(RoomId(last) if last in set(RoomId) else RoomId.EXPLORE)

    # Rooms

    def room(self, which: RoomId) -> Room:
        """The room, made now if it was not yet."""
        if which not in self._rooms:
            room = ROOMS[which].make(self.context)
            old = self._stack.widget(which)
            if old is not None:
                self._stack.removeWidget(old)
                old.deleteLater()
            self._stack.insertWidget(which, room)
            self._rooms[which] = room
            restore_splitters(room, self.context.settings)
            self._session.offer_to(which, room)
            guard_wheel(room)
            for area in room.findChildren(QScrollArea):
                area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take it, not the frame that nobody sees
            room.stateChanged.connect(self._update_actions)
            self._canvases.add_room(room)
        return self._rooms[which]

    def shown(self) -> RoomId:
        """Which room is shown."""
        return self._current

    def current_room(self) -> Room:
        """The room that is shown."""
        return self.room(self._current)

    def show_room(self, which: RoomId) -> None:
        """Show a room and put its actions into the menus."""
        room = self.room(which)
        self._current = which
        self._stack.setCurrentWidget(room)
        room.commands.refresh()
        self.rail.show_room(which)
        self.pytorch_notice.show_room(which)
        # Actions of the other rooms leave the window, and with them their shortcuts.
        self._room_menu.clear()
        own = room.commands.actions()
        self._room_menu.addActions(own)
        self._room_menu.setTitle(ROOMS[which].title())
        self._room_menu.menuAction().setVisible(bool(own))
        self._picture().setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_zoom()
        self._update_actions()
        self.job_status.refresh()

    def _picture(self) -> QWidget:
        """The first canvas of the room that is shown, else the room: where the focus does no harm."""
        canvases = self._canvases.canvases()
        return canvases[0] if canvases else self.current_room()

    def make_all_rooms(self) -> None:
        """Make the rooms that were not shown yet, one at a time between events."""
        for which in RoomId:
            if which not in self._rooms and not self._closed:
                self.room(which)
                QTimer.singleShot(0, self, self.make_all_rooms)
                return

    # Menus

    def _make_menus(self) -> None:
        bar = self.menuBar()
        self._file_menu, self.file_commands = self._menu(self.tr("&File"), self._file())
        self._edit_menu, self.edit_commands = self._menu(self.tr("&Edit"), self._edit())
        self._room_menu = bar.addMenu("")
        self._view_menu, self.view_commands = self._menu(self.tr("&View"), self._view())
        self._theme_menu, self.theme_commands = self._menu(self.tr("&Theme"), self._themes(), self._view_menu)
        self._help_menu, self.help_commands = self._menu(self.tr("&Help"), self._helps())
        GreyedReasons(self._room_menu)
        for menu in (self._file_menu, self._edit_menu, self._room_menu, self._view_menu, self._theme_menu):
            menu.aboutToShow.connect(self._update_actions)

    def _menu(
        self, title: str, groups: Sequence[Sequence[Command]], above: QMenu | None = None
    ) -> tuple[QMenu, CommandSet]:
        """A menu of groups of commands with lines between them."""
        commands = CommandSet(self)
        for number, group in enumerate(groups):
            if number:
                commands.add_separator()
            commands.add(*group)
        menu = (above or self.menuBar()).addMenu(title)
        menu.addActions(commands.actions())
        GreyedReasons(menu)
        return menu, commands

    def _file(self) -> list[list[Command]]:
        roles = QAction.MenuRole
        return [
            [
                Command("file.open", self.tr("&Open …"), self.open_file, "folder"),
                Command("file.save", self.tr("&Save to gallery"), self._save, "save"),
                Command("file.export", self.tr("&Export …"), self._export, "export", self._export_missing),
            ],
            [
                Command("file.models", self.tr("&Model library …"), self.open_models, "model"),
                Command("file.gallery-folder", self.tr("Show gallery &folder"), self._show_gallery_folder, "show-file"),
            ],
            [
                Command(
                    "file.settings",
                    self.tr("Se&ttings …"),
                    self.open_settings,
                    "settings",
                    role=roles.PreferencesRole,
                ),
                Command("file.quit", self.tr("&Quit"), self.close, role=roles.QuitRole),
            ],
        ]

    def _edit(self) -> list[list[Command]]:
        return [
            [
                Command("edit.undo", self.tr("&Undo"), self._undo, "undo", self._undo_missing),
                Command("edit.redo", self.tr("&Redo"), self._redo, "redo", self._redo_missing),
            ],
            [
                Command("edit.copy", self.tr("&Copy picture"), self.copy, "copy"),
                Command("edit.paste", self.tr("&Paste picture"), self.paste, "paste"),
            ],
        ]

    def _view(self) -> list[list[Command]]:
        def shown(which: RoomId) -> bool:
            return which == self._current

        return [
            [
                Command(
                    which.command,
                    ROOMS[which].title(),
                    partial(self.show_room, which),
                    ROOMS[which].icon,
                    checked=partial(shown, which),
                )
                for which in RoomId
            ],
            self._canvases.commands(),
            [Command("view.full-screen", self.tr("F&ull screen"), self._toggle_full_screen, "full-screen")],
        ]

    def _themes(self) -> list[list[Command]]:
        names: tuple[tuple[ThemeName, str], ...] = (
            ("dark", self.tr("Dark")),
            ("light", self.tr("Light")),
            ("system", self.tr("Same as the system")),
        )

        def chosen(name: ThemeName) -> bool:
            return self.context.settings.theme == name

        return [
            [
                Command(f"theme.{name}", text, partial(self._set_theme, name), checked=partial(chosen, name))
                for name, text in names
            ]
        ]

    def _helps(self) -> list[list[Command]]:
        return [
            [
                Command("help.palette", self.tr("&Find a command …"), self.open_palette, "search"),
                Command("help.guide", self.tr("&Help for what is selected here"), self.open_guide, "help"),
                Command("help.first-steps", self.tr("First &steps"), partial(self.open_help, "start")),
                Command("help.glossary", self.tr("What the &words mean"), partial(self.open_help, GLOSSARY)),
                Command("help.shortcuts", self.tr("&Keyboard shortcuts"), self.open_shortcuts),
                Command("help.data-folder", self.tr("Show &data folder"), self._show_data_folder),
            ],
            [Command("help.about", self.tr("&About Latent Studio"), self._about, role=QAction.MenuRole.AboutRole)],
        ]

    def _places(self) -> list[Place]:
        """Every menu and every room there is, for the palette."""
        rooms = [
            Place(ROOMS[which].title(), room.commands, partial(self.show_room, which))
            for which, room in sorted(self._rooms.items(), key=lambda one: one[0] != self._current)
        ]
        return [*rooms, *self._window_places()]

    def _window_places(self) -> list[Place]:
        menus = (
            (self._file_menu, self.file_commands),
            (self._edit_menu, self.edit_commands),
            (self._view_menu, self.view_commands),
            (self._theme_menu, self.theme_commands),
            (self._help_menu, self.help_commands),
        )
        return [Place(plain(menu.title()), commands) for menu, commands in menus]

    def _update_actions(self) -> None:
        """Enable what can be done now."""
        for place in self._window_places():
            place.commands.refresh()

    def _show_zoom(self) -> None:
        self.zoom_status.setText(self._canvases.zoom_text())

    def _save(self) -> None:
        self.current_room().save()

    def _export(self) -> None:
        self.current_room().export()

    def _export_missing(self) -> str:
        return self.current_room().export_missing()

    def _undo_missing(self) -> str:
        return "" if self.current_room().can_undo() else self.tr("Nothing was changed here yet.")

    def _redo_missing(self) -> str:
        return "" if self.current_room().can_redo() else self.tr("Nothing was undone here.")

    def _undo(self) -> None:
        self.current_room().undo()

    def _redo(self) -> None:
        self.current_room().redo()

    def _set_theme(self, name: ThemeName) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.context.settings.theme = name
        apply_theme(app, name)
        self.context.settingsChanged.emit()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_gallery_folder(self) -> None:
        self._show_in_file_manager(self.context.gallery.folder)

    def _show_data_folder(self) -> None:
        self._show_in_file_manager(data_dir())

    def _show_in_file_manager(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(local_url(folder)):
            self.context.problem.emit(
                StudioError(
                    self.tr("The folder {folder} could not be shown.").format(folder=folder),
                    self.tr("Open it in your file manager."),
                )
            )

    def open_settings(self) -> None:
        """Show the settings dialog, and offer to start again when something was chosen that needs it."""
        before = self._needs_a_start()
        dialog = SettingsDialog(self.context, self)
        dialog.exec()
        self._update_actions()
        if dialog.starts_again or (self._needs_a_start() != before and RestartQuestion(self).ask()):
            self.start_again()

    def _show_problem(self, problem: StudioError) -> None:
        if isinstance(problem, PyTorchMissing):
            self.pytorch_notice.miss()
        elif isinstance(problem, Hint):
            self.statusBar().clearMessage()  # while it is there, nothing else of the bar is
            self.hints.show_hint(problem)
        else:
            self.message_bar.show_problem(problem)

    def start_again(self) -> None:
        """Close, and let the program start once more; the session comes back."""
        self.starts_again = True
        if not self.close():
            self.starts_again = False

    def _needs_a_start(self) -> tuple[str, str, str]:
        settings = self.context.settings
        return settings.language, settings.device, settings.gallery_folder

    def open_models(self) -> None:
        """Show the model library."""
        if self._models is None:
            # Imported here: what downloads need (ssl, http) must not delay the first window.
            from studio.ui.models import ModelsWindow

            self._models = ModelsWindow(self.context, self)
            restore_other(self._models, self.context.settings, "models")
        self._models.show()
        self._models.raise_()
        self._models.activateWindow()

    def get_more_models(self) -> None:
        """Show the catalogue of published networks."""
        self.open_models()
        assert self._models is not None
        self._models.show_more()

    def open_guide(self) -> None:
        """Show what is said about the control that has the keyboard, else about the room that is shown."""
        self.open_help(topic_at(QApplication.focusWidget()) or self._current.name.lower())

    def open_shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        self.open_help(KEYBOARD)

    def open_help(self, topic: str) -> None:
        """Show a page of the help, or a word that is explained there; see :func:`studio.ui.help.open_help`."""
        self._help_window().show_topic(topic)

    def open_palette(self) -> None:
        """Show all commands, to be found by typing."""
        if self._palette is None:
            self._palette = CommandPalette(self.commands, self)
        self._update_actions()
        self._palette.open_over(self)

    def _help_window(self) -> HelpWindow:
        # Made anew, since the shortcuts are those of the room that is shown.
        if self._help is not None and isValid(self._help):
            self._help.close()
            self._help.deleteLater()
        own = Place(ROOMS[self._current].title(), self.current_room().commands)
        # Above a dialog that lets nothing else be used, it belongs to that.
        above = QApplication.activeModalWidget() or self
        self._help = HelpWindow(self.commands.shortcuts([own, *self._window_places()]), above)
        return self._help

    def _about(self) -> None:
        QMessageBox.about(
            self,
            self.tr("About Latent Studio"),
            "<h3>Latent Studio {version}</h3><p>{what}</p><p>{mark}</p>".format(
                version=__version__,
                what=self.tr("A studio for artists who work with generative networks."),
                mark=self.tr("Every picture it saves says that it was made with a generative model."),
            ),
        )

    # What comes in: files, drops, the clipboard

    def open_file(self) -> None:
        """Ask for a picture, recipe or model and open it."""
        settings = self.context.settings
        kinds = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        models = " ".join(f"*{suffix}" for suffix in (*MODEL_SUFFIXES, *MORE_MODEL_SUFFIXES))
        clips = " ".join(f"*{suffix}" for suffix in sorted(CLIP_SUFFIXES))
        filters = [
            self.tr("Pictures, clips, recipes and models") + f" ({kinds} {clips} *.json *.pdf {models})",
            self.tr("Pictures") + f" ({kinds})",
            self.tr("Video clips") + f" ({clips})",
            self.tr("Recipes") + " (*.json)",
            self.tr("Models") + f" ({models})",
        ]
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Open"), settings.start_folder("open"), ";;".join(filters)
        )
        if names:
            settings.remember_folder("open", chosen_path(names[0]))
            self.open_paths([chosen_path(name) for name in names])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files, whatever they are; see :class:`Intake`."""
        self.intake.open_paths(paths)

    def copy(self) -> None:
        """Copy the picture of the room to the clipboard."""
        if self.current_room().copy():
            return
        image = self._canvases.image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            self.context.notify.emit(self.tr("Picture copied."))

    def paste(self) -> None:
        """Open what is in the clipboard."""
        if not self.intake.take(QGuiApplication.clipboard().mimeData()):
            hint = Hint(self.tr("There is no picture in the clipboard."), self.tr("Copy a picture first."))
            self.context.problem.emit(hint)

    def _take_on_tab(self, mime: QMimeData) -> None:
        """Take what was dropped on the tab of the room that is shown: on Stylize every picture is one to restyle."""
        self.intake.take(mime, to_restyle=self._current is RoomId.STYLIZE)

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and Intake.may_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.statusBar().showMessage(self.tr("Drop to open: a saved picture restores its controls."), _NEWS_MS)

    def dropEvent(self, event: QDropEvent) -> None:
        self.statusBar().clearMessage()
        if self.intake.take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(50, self, self.make_all_rooms)
        self._session.start()
        if not self._session.ours and not event.spontaneous():
            self.context.notify.emit(
                self.tr("Latent Studio is open already: what is done in this window is not there at the next start.")
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closed:
            return
        finishing = Finishing(self.context.worker, thread_pool(), self)
        if not self._asked_to_end and not self._may_close(finishing):
            event.ignore()
            return
        self._closed = True
        self._session.stop()
        self._session.keep_now()
        self._session.close()
        # Out of the way at once: what must be finished may keep us a while.
        self.hide()
        for room in self._rooms.values():
            room.shutting_down()
        self.intake.close()
        finishing.drop_others()
        QuittingWindow(finishing).wait()
        if not self.context.worker.shutdown(_DEVICE_PATIENCE_MS):
            log.info("The device thread is still in one long step; it ends with the process.")
        forget_trashed()
        event.accept()

    def end(self) -> None:
        """Close without asking anything, as a signal wants it. What must finish is finished."""
        self._asked_to_end = True
        self.close()

    def keep_everything(self) -> None:
        """Return when what must finish is finished and the session is written; the window stays.

        For the end of the desktop session, which another program may still call off.
        """
        self._session.keep_now()
        Finishing(self.context.worker, thread_pool(), self).wait()

    def _may_close(self, finishing: Finishing) -> bool:
        """Return whether the artist wants to leave; asked only when there is unfinished work."""
        jobs = finishing.worth_asking()
        answer: Answer = QuitQuestion(jobs, self).ask() if jobs else "finish"
        for job in jobs if answer != "stay" else []:
            job.must_finish = answer == "finish"  # what is given up the rooms drop, and keep what there is of it
        return answer != "stay"

    def _noted_settings(self) -> AppSettings:
        """The settings, with the room that is shown and the places as they are now."""
        others = {} if self._models is None else {"models": self._models}
        note_places(self, self.context.settings, self._current, others)
        return self.context.settings
