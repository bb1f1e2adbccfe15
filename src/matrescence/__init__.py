"""Plans, forecasts and documents infusion treatment of postpartum depression; read in the order of her journey."""
__version__ = "0.1.0"
