"""What stands in for the engine, and the context around it, where a test is about something else."""

from tests.fakes.context import RecordingContext, opened_context
from tests.fakes.engines import DeviceOnly, LibraryOnly, NotingEngine, PaintingEngine

__all__ = ["DeviceOnly", "LibraryOnly", "NotingEngine", "PaintingEngine", "RecordingContext", "opened_context"]
