"""What the words mean: plans, years, values, rates, scales, scores. No I/O, no clock."""
