"""The generated pages as rows and blocks, made from the sealed atlas.

Nothing here knows HTML, Sphinx or files.
"""
