"""Exports as files: partitioned, incremental, safe to open in a spreadsheet, and asked in SQL."""
