"""What time it is: the clinic's own clock, and for a simulated course a faster one."""
