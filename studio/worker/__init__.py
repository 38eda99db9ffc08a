"""The device thread: jobs with priorities, newest-wins previews, errors as data. QtCore, and no torch on import."""

from studio.checkpoints import ModelInfo
from studio.engine.device import DeviceInfo
from studio.worker.device_worker import DeviceWorker, UnexpectedError
from studio.worker.jobs import Job, JobState, Priority

__all__ = ["DeviceInfo", "DeviceWorker", "Job", "JobState", "ModelInfo", "Priority", "UnexpectedError"]
