"""What is known: the records of the atlas, and the ledgers and quantities that they are read from.

Nothing here judges a page, draws, or knows what a Mermaid text says.
"""
