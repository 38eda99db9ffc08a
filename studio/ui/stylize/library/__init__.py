"""The style library beside the picture, and the photo in all its styles."""
