"""What devices say right now, and the stream that brings it to a page.  Nothing here is a record.

``port.accept`` takes one report of a device.  What belongs into her record goes through the course's own rules; what
is only live is kept in tables that are trimmed and may be thrown away at any time.
"""
