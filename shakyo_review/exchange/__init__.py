"""Files in and out: plan YAML, the bundled plans, long CSV."""
