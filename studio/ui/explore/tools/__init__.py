"""The tools of the Explore room, one file each."""
