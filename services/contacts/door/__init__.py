"""The front door: channel systems hand in what a customer did."""
