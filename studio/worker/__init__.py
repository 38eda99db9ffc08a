"""One kind of job on the device thread or in a pool of threads. QtCore, and no torch on import."""

from studio.checkpoints import ModelInfo
from studio.engine.device import DeviceInfo
from studio.worker.device_worker import DeviceWorker, UnexpectedError
from studio.worker.finishing import Finishing
from studio.worker.job_group import JobGroup
from studio.worker.jobs import Job, JobState, Priority
from studio.worker.thread_pool import ThreadPool, thread_pool

__all__ = [
    "DeviceInfo",
    "DeviceWorker",
    "Finishing",
    "Job",
    "JobGroup",
    "JobState",
    "ModelInfo",
    "Priority",
    "ThreadPool",
    "UnexpectedError",
    "thread_pool",
]
