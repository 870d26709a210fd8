"""How the tables came to be as they are, one step a file in `versions`.

A new step: change `tables.py` and add the next file in `versions`, whose `down_revision` names the last one. What all
steps together make has to be what `tables.py` says, on both databases.
"""
