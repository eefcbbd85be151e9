"""Values → letters: what an e-mail says, and the envelope that it travels in. Pure."""
