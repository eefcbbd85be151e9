"""Where requests come in. Each door proves, reads and hands over; none decides."""
