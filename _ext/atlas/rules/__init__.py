"""What is lawful: the table of rules, the checks that return findings, and `seal`, which makes the atlas.

Nothing here draws, renders or writes a file.
"""
