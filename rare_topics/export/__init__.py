"""What leaves the program: the folder of a run, and notebooks run in place."""
