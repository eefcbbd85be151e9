"""One pure adapter a kind of source: bytes in, notifications out."""
