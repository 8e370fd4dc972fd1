"""What leaves the program: files that a person asked for."""
