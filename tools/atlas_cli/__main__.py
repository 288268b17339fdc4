"""`python -m atlas_cli`."""

import sys

from . import main

sys.exit(main())
