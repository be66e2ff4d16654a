# SPDX-License-Identifier: MIT
"""Measures everything that docs/performance.md tells, and writes it. Started by scripts/bench."""
