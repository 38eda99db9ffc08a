"""Starting the window. Importing this module imports no Qt, so that it can say what Qt lacks on a bare machine."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from studio.base import Message

if TYPE_CHECKING:
    from types import FrameType

    from PySide6.QtGui import QIcon

    from studio.base.app_settings import AppSettings
    from studio.engine import Engine
    from studio.gallery import SourceStore
    from studio.ui.context import StudioContext
    from studio.ui.shell.application import Application
    from studio.ui.shell.window import MainWindow

EXIT_NO_WINDOW = 2

_HEADLESS = Message("Without a window: latent-studio sample, stylize, train (latent-studio --help names all).")

# What Qt's window system plugin for X11 needs of the system -> the Debian package that has it.
_X11_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}

log = logging.getLogger(__name__)


def why_no_window() -> Message | None:
    """One line saying why no window can be opened here, or None when nothing speaks against it.

    Only Linux is looked at: elsewhere there is always a window system, and Qt brings all it needs.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or platform.split(":")[0] not in ("", "xcb", "wayland"):
        return None
    display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if not platform and not display and not wayland:
        return Message("There is no display to open a window on. {instead}", instead=_HEADLESS)
    names = dict(_X11_LIBRARIES)
    if platform == "wayland" or (wayland and not display):
        names = {name: package for name, package in names.items() if "xcb" not in name and "x11" not in name}
    packages = sorted({package for name, package in names.items() if not _loads(name)})
    if packages:
        return Message(
            "Qt lacks system libraries: apt-get install {packages}. {instead}",
            packages=" ".join(packages),
            instead=_HEADLESS,
        )
    if not wayland and not _x11_answers():
        return Message("The display {name} does not answer. {instead}", name=display or "–", instead=_HEADLESS)
    return None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x11_answers() -> bool:
    """Return whether the X server that DISPLAY names takes a connection; Qt would abort the process otherwise."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt's own copy may do; it will tell
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    fine = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return fine


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    argv : program name, then files to open.

    Returns
    -------
    The exit code: 0, or 2 when no window can be opened here (one line on standard error says why).
    """
    reason = why_no_window()
    if reason is not None:
        print(reason, file=sys.stderr)
        return EXIT_NO_WINDOW
    from PySide6.QtCore import QTimer

    from studio.base.app_settings import AppSettings

    settings = AppSettings.load()
    app = make_application(argv, settings)
    window = make_window(settings)
    window.show()
    # The first paint comes before the device thread, whose import of torch takes the interpreter for a while.
    QTimer.singleShot(100, window, window.context.worker.start)
    files = [Path(name) for name in argv[1:] if Path(name).exists()]
    if files:
        QTimer.singleShot(0, window, lambda: window.open_paths(files))
    app.fileWanted.connect(lambda path: window.open_paths([path]))
    _report_exceptions(window.context)
    _end_on_signals(window)
    code = app.exec()
    if window.starts_again:
        _start_again(argv[1:])
    return _leave(code)


def make_application(argv: Sequence[str], settings: AppSettings) -> Application:
    """The application object: name, icon, language and theme."""
    from studio.ui.shell.application import Application
    from studio.ui.theme import apply_theme

    app = Application(list(argv))
    app.setApplicationName("latent-studio")
    app.setApplicationDisplayName("Latent Studio")
    app.setDesktopFileName("latent-studio")
    app.setWindowIcon(application_icon())
    from studio.ui.translated import translators

    for translator in translators(settings.language):
        translator.setParent(app)
        app.installTranslator(translator)
    apply_theme(app, settings.theme)
    return app


def make_window(settings: AppSettings) -> MainWindow:
    """The window with everything behind it; the device worker is not started yet."""
    from studio.base import Message, StudioError
    from studio.base.app_settings import DROPPED_ACTION
    from studio.base.paths import data_dir, pictures_dir
    from studio.gallery import Gallery, SourceStore
    from studio.ui.context import StudioContext
    from studio.ui.shell.window import MainWindow
    from studio.ui.theme import dressed_at_the_end
    from studio.worker import DeviceWorker

    try:
        folder, missing = settings.pictures_folder(), None
    except StudioError as problem:
        # The window opens all the same: the settings can be changed in it.
        folder, missing = pictures_dir(), problem
    sources = SourceStore(folder / "Sources")
    worker = DeviceWorker(lambda: _make_engine(sources, settings.device))
    with dressed_at_the_end():
        window = MainWindow(StudioContext(worker, Gallery(folder), sources, settings))
    if missing is not None:
        window.context.problem.emit(missing)
    elif settings.dropped:
        window.context.problem.emit(StudioError(Message.joined(settings.dropped), DROPPED_ACTION))
    elif not os.access(data_dir(), os.W_OK):
        window.context.problem.emit(
            StudioError(
                Message("The folder {folder} cannot be written.", folder=data_dir()),
                "Settings, models and training runs cannot be kept. Pictures are saved to the gallery as ever.",
            )
        )
    return window


def _make_engine(sources: SourceStore, device: str) -> Engine:
    """Runs on the device thread: torch is imported here and nowhere else."""
    from studio.engine import open_engine

    return open_engine(sources, device)


def application_icon() -> QIcon:
    """Our icon, drawn at the sizes that window systems ask for."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QIcon, QPainter, QPixmap
    from PySide6.QtSvg import QSvgRenderer

    from studio.base.paths import resources_dir

    renderer = QSvgRenderer(str(resources_dir() / "icons" / "latent-studio.svg"))
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap)
    return result


def _report_exceptions(context: StudioContext) -> None:
    """Show the artist what would otherwise vanish on standard error."""
    from studio.worker.device_worker import as_studio_error

    def report(kind: type[BaseException], error: BaseException, trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.error("Unexpected", exc_info=error)
        context.problem.emit(as_studio_error(error))

    sys.excepthook = report


def _end_on_signals(window: MainWindow) -> None:
    """End in good order on Ctrl+C in the terminal, on SIGTERM, and when the desktop session ends.

    What must finish is finished; a second signal ends the process at once.
    """
    from PySide6.QtCore import QSocketNotifier, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        QTimer.singleShot(0, window, end)

    def end() -> None:
        window.end()
        QApplication.exit(0)  # also out of dialogs that are open

    for number in signal.Signals:
        if number.name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the last is not known everywhere
            signal.signal(number, note)
    # Python handles signals only while it runs: a byte that the system writes at once wakes the event loop up.
    reading, writing = socket.socketpair()
    for end_of_pair in (reading, writing):
        end_of_pair.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, window)

    def woken() -> None:
        with contextlib.suppress(BlockingIOError):
            reading.recv(64)

    notifier.activated.connect(woken)

    def forget() -> None:
        signal.set_wakeup_fd(-1)
        reading.close()
        writing.close()

    window.destroyed.connect(forget)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.commitDataRequest.connect(lambda _manager: window.keep_everything(), Qt.ConnectionType.DirectConnection)


def _start_again(files: Sequence[str]) -> None:
    """Start the program once more as it was started, without the files that it was given to open."""
    from PySide6.QtCore import QProcess

    arguments = [argument for argument in sys.orig_argv[1:] if argument not in files]
    QProcess.startDetached(sys.executable, arguments)


def _leave(code: int) -> NoReturn:
    """End the process at once: other threads, and taking torch and Qt apart, would keep it for seconds.

    What they do may be dropped: whatever must finish has been waited for, and files are written atomically.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
