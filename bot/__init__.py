"""The process: doors, clock and voice."""
