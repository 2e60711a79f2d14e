"""Reports: the contract with template authors, its building, rendering and formats."""
