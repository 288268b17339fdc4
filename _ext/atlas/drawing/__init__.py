"""From a Mermaid text to an SVG, and from that to sheets of paper: measure, lay out, route, place, write.

Nothing here knows sources, gates or pages; what is to be drawn comes in as a `DrawJob`.
"""
