"""Parts of a room that works on a video clip: its frames, the strip of them, and the making of films."""
