"""``larkbell demo``: the product and a Lark of its own, in one process on loopback.

The only part of ``bot`` that knows the sandbox.
"""
