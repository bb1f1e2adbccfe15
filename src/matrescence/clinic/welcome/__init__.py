"""The open door: a mother asks for a consultation and books a time; staff answer her."""
