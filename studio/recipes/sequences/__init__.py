"""Moving pictures: sequences of steps, with documents of their own beside those of pictures."""
