"""People whom rules name: how they are reached, and what they are told."""
