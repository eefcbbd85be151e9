"""How a delivery leaves the house: one file a channel."""
