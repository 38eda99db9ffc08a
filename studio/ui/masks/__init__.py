"""Painting a mask on a picture, for the rooms that need one."""
