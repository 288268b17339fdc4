project = "Lawful"
extensions = ["myst_parser", "sphinxcontrib.mermaid", "atlas_sphinx"]
myst_enable_extensions = ["colon_fence", "deflist"]
exclude_patterns = ["_data"]
html_theme = "basic"
atlas_pages = ["**"]
atlas_csp = atlas_navigation = atlas_finder = True
nitpicky = True
