"""Users' own files: formats, rules, hostile files."""
