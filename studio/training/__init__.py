"""Training: folders, settings, runs, the loop. ``settings``, ``runs`` and ``folder`` are torch-free."""
