"""A stand-in for the Lark platform on loopback. Knows nothing of the product."""
