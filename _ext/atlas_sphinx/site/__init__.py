"""The HTML site around the pages: showing, navigation, content policy, assets, finder.

Nothing here notes or judges; it shows what is sealed.
"""
