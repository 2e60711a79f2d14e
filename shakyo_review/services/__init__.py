"""What a person can do. The only layer that joins storage, reports, exchange and domain."""
