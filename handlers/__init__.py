"""What people can ask for: one file a noun, each with its own router."""
