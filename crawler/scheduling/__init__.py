"""Jobs by the clock: the daemon that starts commands, and what it watches."""
