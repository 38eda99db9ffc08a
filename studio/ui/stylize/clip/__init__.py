"""Clips and their films in the Stylize room: the strip, playing, filming."""
