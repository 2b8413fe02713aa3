"""The database's migrations, in the order of their numbers; `script.py.mako` has the rules for authors."""
