"""What is measured: python -m benchmarks [name ...], or make bench."""
