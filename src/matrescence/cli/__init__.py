"""The command line: ``main.py`` lists the commands in the order of the journey, and each lives in a file of its name.

A command only reads its arguments, calls one action, and prints; nothing is decided here.
"""
