"""The core of the atlas: records, rules and views. Knows neither Sphinx nor docutils."""

__version__ = "0.1.0"
