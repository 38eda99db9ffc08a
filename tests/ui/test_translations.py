"""English and Simplified Chinese: everything collected, everything translated, every placeholder kept."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QFileDialog, QFileSystemModel, QLabel
from pytestqt.qtbot import QtBot

from studio.base import Message, StudioError
from studio.base.paths import resources_dir
from studio.checkpoints.perceptual import _OFFLINE_ACTION
from studio.checkpoints.sniff import OTHER
from studio.recipes import FileRef, PhotoRecipe
from studio.ui.describe.recipes import recipe_name
from studio.ui.describe.style_names import ready_text
from studio.ui.stylize.style_batch import StyleBatchDialog
from studio.ui.translated import WholeTranslator, inherited_plural, translated, translators
from tests.support.paths import ROOT

TS = resources_dir() / "i18n" / "latent_studio_zh_CN.ts"
PLACEHOLDER = re.compile(r"\{\w*(?::[^{}]*)?\}|%n|%\d|\(\*[^)]*\)")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def chinese(qapp: QCoreApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(TS.with_suffix(".qm")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def messages() -> list[tuple[str, str, str]]:
    found = []
    for context in ET.parse(TS).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            text = "" if translation is None else "".join(translation.itertext())
            found.append((context.findtext("name", ""), message.findtext("source", ""), text))
    return found


def test_every_text_of_the_program_is_in_the_file_and_translated(tool: ModuleType, tmp_path: Path) -> None:
    assert tool.unfinished() == []
    fresh = tmp_path / "fresh.ts"
    tool.update(fresh, *tool.CHINESE)
    wanted = {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ET.parse(fresh).getroot().iter("context")
        for message in context.iter("message")
    }
    assert {(context, text) for context, text, _ in tool.collect()} <= wanted
    assert wanted - {(context, source) for context, source, _ in messages()} == set(), "run packaging/translations.py"


def test_messages_and_words_of_fields_are_found_where_they_stand(tool: ModuleType, tmp_path: Path) -> None:
    said = tmp_path / "said.py"
    said.write_text(
        """
TIP = "What it does."
Message("“{name}” is damaged.", name="a {b}")
Message.counted("{n} picture", "{n} pictures", n=2)
raise StudioError(Message("{a}", a=1) if x else "Nothing to do.", AGAIN)
About("Size", TIP, unit="px", value_labels={"a": "Small"}, lowest="Off", shown_when=("size", ("b",)))
print("not this")
"""
    )
    assert set(tool.texts_of(said)) == {
        ("Engine", "“{name}” is damaged.", False),
        ("Engine", "{n} pictures", True),
        ("Engine", "{a}", False),
        ("Engine", "Nothing to do.", False),
        *(("Fields", text, False) for text in ("Size", "What it does.", "px", "Small", "Off")),
    }
    collected = tool.collect()
    assert ("Engine", str(OTHER), False) in collected and ("Engine", str(_OFFLINE_ACTION), False) in collected
    assert ("Fields", "Learning rate", False) in collected
    assert not any(text == "{kind}: {reason}" for _, text, _ in collected), "values alone"


def test_no_message_is_put_together_before_it_can_be_translated(tool: ModuleType, tmp_path: Path) -> None:
    early = tmp_path / "early.py"
    early.write_text(
        'StudioError(f"{name} is gone.")\nMessage("a" + b, c=1)\nStudioError("a", f"{b}" if c else "d")\n'
        'StudioError(Message("{share} left", share=a / b, what=f"{c} d"))\n'
    )
    assert list(tool.finished_early(early)) == [1, 2, 3]
    found = [(path.name, line) for path in tool.sources() for line in tool.finished_early(path)]
    assert found == [], "use Message(template, name=value)"


def test_the_compiled_file_is_that_of_the_sources(tool: ModuleType, tmp_path: Path) -> None:
    for ts in (tool.TS, tool.TS_ENGLISH):
        fresh = tmp_path / "fresh.qm"
        tool.tool("lrelease", str(ts), "-qm", str(fresh))
        assert fresh.read_bytes() == ts.with_suffix(".qm").read_bytes(), "run packaging/translations.py"


def test_plurals_are_said_by_heirs_too(tool: ModuleType, qapp: QCoreApplication, chinese: None) -> None:
    """``QObject.tr`` looks for a plural under the name of the object's own class, and finds nothing in an heir."""
    inherited: set[str] = set()
    counting: dict[str, ast.ClassDef] = {}
    for path in (ROOT / "studio" / "ui").rglob("*.py"):
        for node in ast.walk(tool._parsed(path)):
            if isinstance(node, ast.ClassDef):
                inherited.update(ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases)
                calls = (call for call in ast.walk(node) if isinstance(call, ast.Call) and len(call.args) > 2)
                if any(ast.unparse(call.func) == "self.tr" for call in calls):
                    counting[node.name] = node
    found = {name: node for name, node in counting.items() if name in inherited}
    assert "BatchDialog" in found
    for name, node in found.items():
        assert any(isinstance(one, ast.FunctionDef) and one.name == "tr" for one in node.body), name
    assert inherited_plural(StyleBatchDialog, "%n are damaged", 2) == "2 张已损坏"
    assert inherited_plural(StyleBatchDialog, "%n unheard of", 2) == "2 unheard of"


def test_translations_keep_the_placeholders() -> None:
    wrong = [
        (source, text)
        for _, source, text in messages()
        if sorted(set(PLACEHOLDER.findall(source))) != sorted(set(PLACEHOLDER.findall(text)))
    ]
    assert wrong == []


def test_a_translation_outlives_its_file(tmp_path: Path) -> None:
    copy = tmp_path / "copy.qm"
    copy.write_bytes(TS.with_suffix(".qm").read_bytes())
    translator = WholeTranslator(copy)
    copy.write_bytes(b"")  # as an upgrade does under the running program
    assert translator.translate("Rooms", "Finish") == "精修"
    assert WholeTranslator(tmp_path / "none.qm").isEmpty()


def test_translations_are_chinese() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    share = sum(bool(han.search(text)) for _, _, text in messages()) / len(messages())
    assert share > 0.9


@pytest.mark.usefixtures("chinese")
def test_messages_are_said_in_chinese_with_their_values() -> None:
    damaged = Message("{picture} is damaged: {reason}.", picture=Message("The dropped picture"), reason="a.jpg {x}")
    assert translated(damaged) == "拖入的图片 已损坏：a.jpg {x}。"
    error = StudioError(damaged, "Get the file again from where it came.")
    assert translated(error.action) != str(error.action)
    assert "256" in translated(Message("Optimising at {size} px", size=256))
    assert "1.2 GB" in translated(
        Message(
            "{picture} has {width} x {height} pixels, which take {needed:.1f} GB of memory to open; "
            "so much is not free.",
            picture="a",
            width=1,
            height=1,
            needed=1.23,
        )
    )
    assert translated(Message("Something nobody translated")) == "Something nobody translated"
    assert translated(Message.counted("{n} thing", "{n} things", n=1)) == "1 thing"


def test_messages_stay_english_without_a_translation() -> None:
    message = Message("“{name}” is damaged: {reason}.", name="cat.jpg", reason="it is cut off")
    assert translated(message) == "“cat.jpg” is damaged: it is cut off."
    assert translated(Message.counted("{n} thing", "{n} things", n=2)) == "2 things"


def test_recipes_name_ready_styles_in_the_language_of_the_window(chinese: None) -> None:
    def called(file: Path, name: str) -> str:
        return recipe_name(PhotoRecipe(photo=FileRef(hash=hashlib.sha256(file.read_bytes()).hexdigest(), name=name)))

    assert called(resources_dir() / "styles" / "Ink wash.jpg", "Ink wash.jpg") == ready_text("Ink wash") != "Ink wash"
    assert called(TS, "Ink wash.jpg") == "Ink wash"  # the artist's own of that name keeps it


def test_the_systems_own_file_dialog_is_chinese_throughout(qtbot: QtBot) -> None:
    """Where the system has none, Qt shows its own, whose Chinese has gaps."""
    found = translators("zh_CN")
    english: list[str] = []

    class Heard(QTranslator):
        def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:  # type: ignore[override]
            said = [one.translate(context, text, comment, n) for one in reversed(found)]  # type: ignore[arg-type]
            if context.startswith(("QFileDialog", "QFileSystem", "QAbstractFile", "QPlatformTheme")) and not any(said):
                english.append(text)
            return next((one for one in said if one), "")

        def isEmpty(self) -> bool:
            return False

    heard = Heard()
    QCoreApplication.installTranslator(heard)
    try:
        dialog = QFileDialog()
        qtbot.addWidget(dialog)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.show()
        model = dialog.findChildren(QFileSystemModel)[0]
        assert model.headerData(1, Qt.Orientation.Horizontal) == "大小" and model.type(model.index("/")) != ""
        labels = {label.text() for label in dialog.findChildren(QLabel)}
    finally:
        QCoreApplication.removeTranslator(heard)
        QLocale.setDefault(QLocale.system())
    assert english == [] and labels == {"位置(&L)：", "文件名称(&N)：", "文件类型(&T)："}
