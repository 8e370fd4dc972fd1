"""What a unit costs and what is left of its price: allocation, unit economics, sensitivity, alerts; pure functions."""
