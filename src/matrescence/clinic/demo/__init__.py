"""A clinic that is invented: people of every role, and a mother at every stage of the journey.

Everything is written through the same port and the same rules as in a real clinic; a scene that a rule refuses ends
the seeding with the reason.  Read ``scenes/*.toml`` (who is where), ``scene.py`` (how a scene is read), ``seed.py``
(how it is written) and ``runner.py`` (how it is served).
"""
