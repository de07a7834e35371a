"""``python -m khorgos_map.cli`` is the command ``khorgos-map``."""

import sys

from khorgos_map.cli import main

sys.exit(main())
