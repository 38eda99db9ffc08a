"""The window around the rooms: commands, settings, help, status, and what is dropped on it."""
