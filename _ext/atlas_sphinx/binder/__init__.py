"""Everything about PDF: the builder, its volumes, the writer of Typst and the process that sets it.

Nothing here is needed for HTML.
"""
