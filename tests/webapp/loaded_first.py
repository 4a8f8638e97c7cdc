"""What a fork server loads before any job; it says so."""

import os

os.write(1, b"loaded first\n")
