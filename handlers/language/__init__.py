"""The command language: how a typed line becomes words, and words become meaning.

``text`` cleans the line, ``tokens`` cuts it, ``cursor`` walks it, ``slots`` fill in any
order. Nothing here knows a noun or a database.
"""
