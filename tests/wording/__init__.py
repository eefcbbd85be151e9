"""The texts of the sources, and what the catalogues make of them."""
