"""The translations of the window, and messages of the rooms below it in the artist's language."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, QTranslator

from studio.base import Message
from studio.base.paths import resources_dir

QT_TEXTS = (
    QT_TRANSLATE_NOOP("QFileDialog", "Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of type:"),
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Choose"),
    QT_TRANSLATE_NOOP("QFileDialog", "Computer"),
    QT_TRANSLATE_NOOP("QFileSystemModel", "Size"),
    QT_TRANSLATE_NOOP("QAbstractFileIconProvider", "Drive"),
    QCoreApplication.translate("QAbstractFileIconProvider", "File", "Match Windows Explorer"),
    QCoreApplication.translate("QAbstractFileIconProvider", "%1 File", "%1 is a file name suffix, for example txt"),
    QCoreApplication.translate("QAbstractFileIconProvider", "File Folder", "Match Windows Explorer"),
    QCoreApplication.translate("QAbstractFileIconProvider", "Folder", "All other platforms"),
    QCoreApplication.translate("QAbstractFileIconProvider", "Folder", "Match macOS Finder"),
)
"""Texts of Qt's own dialogs that its Chinese lacks or has wrong; ours has them. The NOOP takes no comment."""

log = logging.getLogger(__name__)


def translated(message: Message) -> str:
    """Return ``message`` in the language in use, its values filled in; in English when it has no translation."""
    count = message.values["n"] if message.one else -1
    # PySide6's stubs know neither that None stands for no comment, nor that "n" is a whole number.
    found = QCoreApplication.translate("Engine", message.template, None, count)  # type: ignore[arg-type]
    return str(message) if found == message.template else message.filled(found, translated)


def inherited_plural(kind: type, text: str, count: int) -> str:
    """Return ``text`` for ``count`` in the language in use, from the context of ``kind`` or of what it inherits from.

    ``QObject.tr`` looks for plurals under the name of the object's own class alone.
    """
    plain = text.replace("%n", str(count))
    contexts = (ancestor.__name__ for ancestor in kind.__mro__)
    said = (QCoreApplication.translate(context, text, "", count) for context in contexts)
    return next((found for found in said if found != plain), plain)


class WholeTranslator(QTranslator):
    """A translation that is held in memory; empty when ``path`` cannot be read.

    Qt maps the file by itself, and a program under which an upgrade replaces it would end in the middle of a word.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setObjectName(path.stem)
        try:
            self._data = path.read_bytes()
        except OSError:
            return
        self.load(self._data, str(path.parent))


def translators(language: str) -> list[QTranslator]:
    """The translations for ``language`` ("system", "en", "zh_CN"), Qt's own and ours; those not there are left out.

    English has one too, for its plurals.

    A language chosen here also decides how numbers and dates are written.
    """
    locale = QLocale.system() if language == "system" else QLocale(language)
    if language != "system":
        QLocale.setDefault(locale)
    chinese = locale.language() == QLocale.Language.Chinese and locale.script() != QLocale.Script.TraditionalHanScript
    ours = str(resources_dir() / "i18n")
    wanted = [("latent_studio_en", ours)]
    if chinese:
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        wanted = [("qtbase_zh_CN", qt), ("latent_studio_zh_CN", ours)]
    found: list[QTranslator] = []
    for name, folder in wanted:
        translator = WholeTranslator(Path(folder) / f"{name}.qm")
        if translator.isEmpty():
            log.warning("The translation %s is not in %s", name, folder)
        else:
            found.append(translator)
    return found
