"""What leaves as data: `atlas.json`, the index of the finder, the records of the binder.

Nothing here knows which builder asks, or where the bytes go.
"""
