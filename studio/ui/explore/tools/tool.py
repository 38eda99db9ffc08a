"""The base of the tools of the Explore room, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.base import Hint
from studio.recipes import SampleRecipe
from studio.ui.command import Command
from studio.ui.explore.model_notes import ModelNotes
from studio.ui.explore.previews import SamplePreviews
from studio.ui.model import Model
from studio.ui.theme import SPACE_M
from studio.ui.widgets import ImageDrop
from studio.ui.widgets.canvas_overlay import CanvasOverlay
from studio.ui.widgets.wheel import guard_fields
from studio.worker import ModelInfo

if TYPE_CHECKING:
    from studio.ui.context import StudioContext

T = TypeVar("T", bound="Tool")


class ToolContext(QObject):
    """The surroundings of every tool. Tools know this, and never each other.

    Attributes
    ----------
    studio : the services of the window.
    model : the recipe that the room edits; whatever a tool does to the picture it does by editing it.
    previews : small pictures of samples.
    notes : what is kept of the network: named directions, and which layers draw what.
    picks : gives the samples that were picked, in their order.
    network : the entry of the recipe's model in the library; None while there is none.
    """

    networkChanged = Signal()
    """``network`` is another one."""
    openWanted = Signal(object)
    """Go on with this ``SampleRecipe``, in one step of undo."""
    pickWanted = Signal(object)
    """Put these among the picks: a list of ``SampleRecipe``."""
    handBack = Signal()
    """The tool is done: the one before it shall be taken up again."""
    playStopWanted = Signal()
    """The journey shall stop."""
    stepDone = Signal(object, object)
    """Something else than the recipe was changed: a function that takes it back, and one that does it again."""
    stepJoined = Signal(object, object)
    """As ``stepDone``, for what belongs to the step before it: both are undone at once."""
    takeWanted = Signal(str)
    """The tool of this name shall come into the hand."""
    learnWanted = Signal(object, bool)
    """A direction shall lead towards these samples (a list of ``SampleRecipe``), or away from them when False."""
    mixWanted = Signal(object)
    """The picture shall take styles from these samples (a list of ``SampleRecipe``)."""
    previewed = Signal(object)
    """A picture on the way to another recipe shall be shown: uint8 (h, w, 3 or 4)."""
    previewOver = Signal()
    """The way is over: the recipe's own picture shall be shown again."""
    compareWanted = Signal(object)
    """The picture shall be shown against this one, uint8 (h, w, 3), under a wipe; None: alone."""
    menuWanted = Signal(object, QPoint)
    """The artist asks what can be done with these samples, at this place on the screen."""

    def __init__(
        self,
        studio: StudioContext,
        model: Model[SampleRecipe | None],
        previews: SamplePreviews,
        notes: ModelNotes,
        picks: Callable[[], list[SampleRecipe]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.studio, self.model, self.previews, self.notes, self.picks = studio, model, previews, notes, picks
        self.network: ModelInfo | None = None

    def set_network(self, network: ModelInfo | None) -> None:
        """Tell the tools which network the recipe's is."""
        self.network = network
        self.networkChanged.emit()

    @property
    def layers(self) -> int:
        """The number of layers that take a w of their own; 0 without w."""
        return 0 if self.network is None else self.network.num_ws


class Toolbox:
    """All tools, by their kind or their name. One that is asked for by its kind is built."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}

    def __getitem__(self, kind: type[T]) -> T:
        tool = self.as_it_is(kind)
        tool.ready()
        return tool

    def as_it_is(self, kind: type[T]) -> T:
        """The tool of this kind, built or not."""
        tool = self._tools[kind.name]
        assert isinstance(tool, kind)
        return tool

    def named(self, name: str) -> Tool | None:
        """The tool of this name, built or not; None: there is none."""
        return self._tools.get(name)

    def as_they_are(self) -> list[Tool]:
        """All of them, built or not, in the order of the bar."""
        return list(self._tools.values())


class Tool(QWidget):
    """A tool: its entry in the tool bar, its controls for the column, and perhaps a page in the picture's place.

    A subclass in a file of its own in this folder, named in ``TOOLS``, is all there is to a new tool.

    Attributes
    ----------
    name : unique.
    command : the id of the command that takes it in hand, with its keys under that id in the table of shortcuts.
    glyph : the name of its icon.
    topic : of the help that explains it.
    body : the layout for its controls.
    """

    pageChanged = Signal()
    """What :meth:`page` gives is another one."""

    name: ClassVar[str]
    command: ClassVar[str]
    glyph: ClassVar[str]
    topic: ClassVar[str] = "explore"

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.in_hand = False
        self.is_built = False
        self._recalled: list[SampleRecipe | None] = []
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SPACE_M)

    def build(self) -> None:
        """Make the controls, the page, and what they are connected to; called once, by :meth:`ready`.

        What is asked of a tool before it is shown for the first time (its names, its commands, why it cannot be used)
        must do without: the window opens sooner so.
        """

    def begin(self) -> None:
        """Show the network that is there already, as when ``context.networkChanged`` comes."""

    def ready(self) -> None:
        """Build it, unless it was built already."""
        if not self.is_built:
            self.is_built = True
            self.build()
            guard_fields(self)
            if self.context.network is not None:
                self.begin()
            if self._recalled:
                self.lay_out(self._recalled)

    def laid_out(self) -> list[SampleRecipe | None]:
        """The samples laid out in it, which come back at the next start; None is an empty place."""
        return []

    def lay_out(self, samples: list[SampleRecipe | None]) -> None:
        """Lay out what :meth:`laid_out` gave, once it is built."""

    def session_samples(self) -> list[SampleRecipe | None]:
        """The same as :meth:`laid_out`, also of a tool that was not built since the start."""
        return self.laid_out() if self.is_built else self._recalled

    def restore_samples(self, samples: list[SampleRecipe | None]) -> None:
        """The same as :meth:`lay_out`, now or when it is built."""
        self._recalled = samples
        if self.is_built:
            self.lay_out(samples)

    def title(self) -> str:
        """The name, a word or two."""
        raise NotImplementedError

    def tip(self) -> str:
        """A sentence on what one does with it."""
        raise NotImplementedError

    def missing(self, network: ModelInfo | None) -> str:
        """Reason why it cannot be used with ``network``, as a sentence; empty when it can."""
        return ""

    def page(self) -> QWidget | None:
        """The page in the place of the picture while the tool is in hand; None: the picture stays."""
        return None

    def own(self, page: QWidget) -> None:
        """Let a page that is not shown yet belong to the tool.

        What belongs to nobody is freed by Python's collector, on whatever thread that happens to run: Qt crashes then.
        """
        page.setParent(self)
        page.hide()

    def overlay(self) -> CanvasOverlay | None:
        """The overlay that is drawn over the picture and takes the mouse while the tool is in hand; None: nothing."""
        return None

    def drop_place(self) -> ImageDrop | None:
        """The widget that takes what is dropped on the room while the tool is in hand; None: the window does."""
        return None

    def meant(self) -> list[SampleRecipe] | None:
        """The samples of its page that saving and picking mean; None: the room's own picture."""
        return None

    def picks(self) -> list[SampleRecipe]:
        """The picks that the network drew; a hint says what to do when there are none."""
        here = self.context.model.value
        picks = [one for one in self.context.picks() if here is not None and one.model.hash == here.model.hash]
        if not picks and here is not None:
            text, action = (
                QCoreApplication.translate("Tool", "There are no picks of this model."),
                QCoreApplication.translate("Tool", "Add samples to the picks, then try again."),
            )
            self.context.studio.problem.emit(Hint(text, action))
        return picks

    def take(self) -> None:
        """Come into the hand: show what is edited now."""
        self.in_hand = True

    def put_down(self) -> None:
        """Another tool comes into the hand: stop what goes on for this one alone."""
        self.in_hand = False

    def hand_missing(self) -> str:
        """Sentence on what is missing before what belongs to the tool in hand can be done; empty: nothing."""
        return (
            ""
            if self.in_hand
            else QCoreApplication.translate("Tool", "Take the tool “{name}” in hand first.").format(name=self.title())
        )

    def commands(self) -> list[Command]:
        """The commands that it adds to the room's menu and the palette."""
        return []

    def close_down(self) -> None:
        """Stop everything: the window is closing."""
        self.put_down()
