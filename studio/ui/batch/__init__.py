"""Work on a whole folder of pictures, for the rooms that offer it."""
