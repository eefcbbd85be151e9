"""What the settings mean. Pure: values in, values out, ``now`` is an argument."""
