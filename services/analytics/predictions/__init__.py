"""Predictions: who buys again, for how much, who leaves, and what is sold next. Pure but for the stores."""
