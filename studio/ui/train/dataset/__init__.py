"""Choosing a folder of pictures and seeing what a network would learn from it."""
