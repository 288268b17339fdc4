"""What a Mermaid text says: parsed by the engine, read into a graph, with the plane of each node.

Nothing here draws, and nothing here judges beyond planes.
"""
