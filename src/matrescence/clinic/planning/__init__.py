"""The plan of one mother: looked at with other numbers, chosen by a prescriber, printed, and laid beside the others."""
