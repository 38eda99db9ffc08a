"""The last steps of a picture: enlarging it, repairing parts of it, cleaning it. No Qt."""
