"""Figures rather than verdicts: what a step costs. No part of the test suite."""
