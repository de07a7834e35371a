"""Tests of the routing engine and of what is made of its answers."""
