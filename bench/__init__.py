"""What it costs, measured side by side: only ratios of one run mean anything."""
