"""Measures the whole programs; tests/bench/run.sh starts it."""
