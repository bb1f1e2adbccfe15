"""The risk programme of one mother: what is asked, who has signed, and what still keeps the gate closed."""
