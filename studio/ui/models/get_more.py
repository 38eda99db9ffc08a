"""The catalogue of published networks as a page: what there is, under which terms, and how far its download is."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.checkpoints import ModelInfo
from studio.checkpoints.catalogue import Catalogue, Licence, LocalizedText, Network, Topic, accept, accepted
from studio.ui.models.downloads import Downloads, Stage, Standing
from studio.ui.theme import SPACE_L, SPACE_M, SPACE_S, icon
from studio.ui.translated import translated
from studio.ui.widgets.questions import make_primary
from studio.ui.widgets.scrolling import keep_vertical_bar

BUTTON_WIDTH = 118


def said(text: LocalizedText) -> str:
    """``text`` in the language in use."""
    locale = QLocale()
    chinese = locale.language() == QLocale.Language.Chinese and locale.script() != QLocale.Script.TraditionalHanScript
    return text.zh_CN if chinese else text.en


def megabytes(count: int, digits: int = 0) -> str:
    """``count`` bytes in MB."""
    return f"{QLocale().toString(count / 1e6, 'f', digits)} MB"


def link(address: str, text: str) -> str:
    """A link as rich text."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def in_short(licence: Licence) -> str:
    """The meaning of a licence, as rich text."""
    short = (
        QCoreApplication.translate("Licence", "Commercial use allowed")
        if licence.commercial
        else QCoreApplication.translate("Licence", "Not for commercial use")
    )
    return f"<b>{escape(short)}.</b> {escape(said(licence.plain))}"


class NetworkCard(QFrame):
    """One network of the catalogue with its terms, its button and, while it comes, its progress."""

    def __init__(self, network: Network, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-card")
        self.network = network
        self._licence = catalogue.licence(network)
        title = QLabel(said(network.title))
        font = title.font()
        font.setWeight(font.Weight.DemiBold)
        title.setFont(font)
        kind = QLabel(self._kind())
        kind.setProperty("muted", True)
        subject = QLabel(said(network.subject))
        subject.setWordWrap(True)
        self.terms = QLabel(self._terms())
        self.terms.setTextFormat(Qt.TextFormat.RichText)
        self.terms.setWordWrap(True)
        self.terms.setOpenExternalLinks(True)
        self.terms.setProperty("muted", True)
        self.terms.setToolTip(self.tr("By {credit}").format(credit=network.credit))

        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.setMinimumWidth(BUTTON_WIDTH)
        self.discard = QToolButton()
        self.discard.setIcon(icon("trash"))
        self.discard.setAutoRaise(True)
        self.discard.setToolTip(self.tr("Delete what has arrived so far"))
        self.discard.setAccessibleName(self.discard.toolTip())
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.state = QLabel()
        self.state.setWordWrap(True)

        heading = QHBoxLayout()
        heading.setSpacing(SPACE_M)
        heading.addWidget(title)
        heading.addWidget(kind, 1)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(heading)
        column.addWidget(subject)
        column.addWidget(self.terms)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.discard)
        buttons.addWidget(self.button)
        top = QHBoxLayout()
        top.setSpacing(SPACE_L)
        top.addLayout(column, 1)
        top.addLayout(buttons)
        top.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M + SPACE_S, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S + 2)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)

    def _kind(self) -> str:
        network = self.network
        parts = [network.architecture, f"{network.resolution} × {network.resolution}"]
        if network.classes:
            parts.append(self.tr("{n} classes").format(n=network.classes))
        if network.bytes:
            parts.append(megabytes(network.bytes))
        elif network.bytes_about:
            parts.append(self.tr("about {size}").format(size=megabytes(network.bytes_about)))
        else:
            parts.append(self.tr("size not published"))
        return "  ·  ".join(parts)

    def _terms(self) -> str:
        licence = self._licence
        names = (self.tr("Licence"), self.tr("Home page"))
        targets = (licence.text, self.network.home)
        # Spaces that do not break keep the links together on their line.
        links = [link(target, name.replace(" ", "\u00a0")) for target, name in zip(targets, names, strict=True)]
        return in_short(licence) + " " + "\u00a0·\u00a0".join(links)

    def show_standing(self, standing: Standing) -> None:
        """Show where the network stands."""
        stage = standing.stage
        on_its_way = stage in (Stage.QUEUED, Stage.LOADING, Stage.CONVERTING)
        self.button.setText(self._wish(standing))
        self.button.setEnabled(stage is not Stage.CONVERTING)
        # Nothing but the widgets' own visibility: the page may be hidden while it is brought up to date.
        self.discard.setVisible(not on_its_way and stage is not Stage.OWNED and standing.kept > 0)
        self.bar.setVisible(stage in (Stage.LOADING, Stage.CONVERTING))
        if on_its_way:
            step, total = standing.progress.step, standing.progress.total
            busy = stage is Stage.CONVERTING or not total
            self.bar.setRange(0, 0 if busy else 1000)
            self.bar.setValue(0 if busy else round(1000 * min(1.0, step / total)))
        text = self._state(standing)
        self.state.setText(text)
        self.state.setVisible(bool(text))
        problem = stage is Stage.FAILED
        if self.state.property("problem") != problem:
            self.state.setProperty("problem", problem)
            self.state.style().polish(self.state)

    def _wish(self, standing: Standing) -> str:
        match standing.stage:
            case Stage.OWNED:
                return self.tr("Explore it")
            case Stage.QUEUED | Stage.LOADING:
                return self.tr("Cancel")
            case Stage.CONVERTING:
                return self.tr("Converting …")
        if standing.kept:
            return self.tr("Resume")
        return self.tr("Try again") if standing.stage is Stage.FAILED else self.tr("Download")

    def _state(self, standing: Standing) -> str:
        match standing.stage:
            case Stage.OWNED:
                name = standing.model.name if standing.model is not None else ""
                return self.tr("In your library: {name}").format(name=name)
            case Stage.QUEUED:
                return self.tr("Waiting for the downloads before it")
            case Stage.LOADING:
                return self._speed(standing)
            case Stage.CONVERTING:
                return self.tr("Turning it into a model")
            case Stage.FAILED if standing.problem is not None:
                return f"{translated(standing.problem.message)} {translated(standing.problem.action)}".strip()
        if standing.kept:
            return self.tr("{size} have arrived").format(size=megabytes(standing.kept, 1))
        return ""

    def _speed(self, standing: Standing) -> str:
        progress = standing.progress
        if "Downloading" not in progress.message:
            return translated(progress.message) or self.tr("Connecting …")
        if progress.total:
            parts = [
                self.tr("{done} of {total}").format(
                    done=megabytes(progress.step, 1), total=megabytes(progress.total, 1)
                )
            ]
        else:
            parts = [megabytes(progress.step, 1)]
        if standing.rate.speed > 0:
            parts.append(f"{megabytes(round(standing.rate.speed), 1)}/s")
        left = standing.rate.seconds_left(progress.total)
        if left is not None:
            parts.append(self._time(left))
        return "  ·  ".join(parts)

    def _time(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("{n} s left").format(n=max(1, round(seconds)))
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.tr("{n} min left").format(n=minutes)
        return self.tr("{h} h {m} min left").format(h=minutes // 60, m=minutes % 60)


class GetMoreView(QWidget):
    """The catalogue with a search field. Nothing is asked of the internet before a download is wished."""

    explore = Signal(object)
    """The :class:`ModelInfo` of a network that the artist wants to explore."""

    def __init__(self, downloads: Downloads, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        catalogue = downloads.catalogue
        self._catalogue = catalogue
        self._downloads = downloads
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the catalogue"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.topic = QComboBox()
        self.topic.setAccessibleName(self.tr("What it draws"))
        for text, value in (
            (self.tr("Everything"), None),
            (self.tr("Faces"), "faces"),
            (self.tr("Animals"), "animals"),
            (self.tr("Things and places"), "things"),
        ):
            self.topic.addItem(text, value)
        self.commercial = QCheckBox(self.tr("Commercial use allowed"))
        note = QLabel(self.tr("Files come straight from those who published them, when you ask for one."))
        note.setProperty("muted", True)

        self.cards = [NetworkCard(network, catalogue) for network in catalogue.networks]
        column = QWidget()
        column.setObjectName("scrolled")
        stack = QVBoxLayout(column)
        stack.setContentsMargins(0, 0, SPACE_S, 0)
        stack.setSpacing(SPACE_M)
        for card in self.cards:
            card.button.clicked.connect(lambda _=False, card=card: self._act(card.network))
            card.discard.clicked.connect(lambda _=False, card=card: downloads.discard(card.network))
            stack.addWidget(card)
        self.nothing = QLabel(self.tr("No network has all these words."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("muted", True)
        stack.addWidget(self.nothing)
        stack.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(column)
        keep_vertical_bar(area)

        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(self.search, 1)
        top.addWidget(self.topic)
        top.addWidget(self.commercial)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_L, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        layout.addWidget(note)

        self.search.textChanged.connect(self._filter)
        self.topic.currentIndexChanged.connect(self._filter)
        self.commercial.toggled.connect(self._filter)
        downloads.changed.connect(self._changed)
        for card in self.cards:
            card.show_standing(downloads.standing(card.network))
        self._filter()

    def card(self, key: str) -> NetworkCard:
        """The card of the network with this id."""
        return next(card for card in self.cards if card.network.id == key)

    def _filter(self) -> None:
        topic: Topic | None = self.topic.currentData()
        found = self._catalogue.search(self.search.text(), topic=topic, commercial=self.commercial.isChecked())
        shown = {network.id for network in found}
        for card in self.cards:
            card.setVisible(card.network.id in shown)
        self.nothing.setVisible(not shown)

    def _changed(self, key: str) -> None:
        card = self.card(key)
        card.show_standing(self._downloads.standing(card.network))

    def _act(self, network: Network) -> None:
        standing = self._downloads.standing(network)
        if standing.stage is Stage.OWNED:
            model: ModelInfo | None = standing.model
            if model is not None:
                self.explore.emit(model)
        elif standing.stage in (Stage.QUEUED, Stage.LOADING):
            self._downloads.cancel(network)
        elif self._settle_licence(network):
            self._downloads.start(network)

    def _settle_licence(self, network: Network) -> bool:
        """Return whether the terms are settled: they allow everything, were accepted before, or are accepted now."""
        if accepted(self._catalogue, network):
            return True
        licence = self._catalogue.licence(network)
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("Licence"))
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(f"<b>{escape(licence.name)}</b>")
        credit = escape(self.tr("By {credit}").format(credit=network.credit))
        whole = link(licence.text, self.tr("Read the licence"))
        box.setInformativeText(f"{in_short(licence)}<br><br>{credit}<br><br>{whole}")
        yes = box.addButton(self.tr("I accept it, download"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        make_primary(yes)
        box.exec()
        if box.clickedButton() is not yes:
            return False
        accept(network)
        return True
