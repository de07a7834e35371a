"""The Streamlit page. Beside app.py the only place that knows streamlit."""

from pathlib import Path

SCRIPT = Path(__file__).with_name("script.py")
"""The page script that Streamlit runs for each session."""
