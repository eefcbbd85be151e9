"""Text messages and calls: what they say, and who carries them."""
