"""Measuring on the WGS 84 ellipsoid. Knows neither folium nor streamlit."""
