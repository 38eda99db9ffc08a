"""Pictures and clips as files: reading photos and videos of every kind, their colours, and writing video."""
