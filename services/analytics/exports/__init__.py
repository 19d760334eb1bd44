"""Exports: stable, versioned tables for analysts' own tools."""
