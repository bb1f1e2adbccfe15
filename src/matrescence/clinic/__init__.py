"""The clinic: the whole journey in a browser, on one machine.

``log`` keeps every course as an append-only chain of records in the database; ``people`` says who may do what and
writes down who did; every other room is one stage of the journey and its pages.
"""
