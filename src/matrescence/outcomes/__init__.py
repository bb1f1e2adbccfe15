"""What the trials found, as data, and the mood model's posterior that was fitted to it.

Start with ``library.py`` (which trials there are); ``trial.py`` says what one is, ``read_trial.py`` what may be written
in its file.  ``posterior.py`` loads the shipped draws and refuses them when the trial files have changed since the fit.
"""
