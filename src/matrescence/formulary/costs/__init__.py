"""Prices, billing codes and the limits of tax accounts, as data: one file for each drug, one for the plan years.

``library.py`` reads them.  Every price has a day and a source; what nobody has published is left to the site's own
price file, and a total without it is shown as "at least".
"""
