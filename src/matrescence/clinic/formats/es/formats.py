"""Numbers in Spanish: with a point, as the pump, the labels and the orders around her bed write them.

A comma on the page beside a point on the pump invites an error of ten.  CLDR gives a point for es-US and es-MX too.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
