"""The command line: `ujima …`. One module a command, named in `main.MODULES`."""
