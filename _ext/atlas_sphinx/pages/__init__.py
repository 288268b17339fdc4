"""What stands on a page as docutils nodes: placeholders, tables, drawings, generated sections, the toctree.

Nothing here hooks into a build; the domain and `site` do.
"""
