"""May she have this drug: every reason, the facts it rests on, and a prescriber's decision on what is left open."""
