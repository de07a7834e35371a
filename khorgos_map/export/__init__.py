"""The map as files to take along: one module a format. Knows no streamlit."""
