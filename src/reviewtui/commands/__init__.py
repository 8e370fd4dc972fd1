"""The commands of the command line, one module each.

A module names its arguments in `add_arguments` and does its work in `run`, which returns the exit code. Importing
one costs little: what is heavy is imported where it is used.
"""
