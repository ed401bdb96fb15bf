"""Makes `python -m nearside_export` the same as `nearside-export`."""

from nearside_export.command import main

main()
