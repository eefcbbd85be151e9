"""Letters: what they say, how they travel, and that nothing foreign acts in them."""
