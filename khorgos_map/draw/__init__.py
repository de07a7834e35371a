"""Drawing: atlas and view become a folium map, and the files that the browser fetches for it. Knows no streamlit."""
