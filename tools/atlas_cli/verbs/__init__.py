"""The verbs of the `atlas` command, one module each, with `add_arguments` and `run`.

What several verbs need stands in the rooms beside this folder.
"""
