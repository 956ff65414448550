"""The nouns: tables, records, kinds and errors."""
