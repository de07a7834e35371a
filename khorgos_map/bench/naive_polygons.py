"""The plain way to show a user's own layer with streamlit-folium: inline, whatever its size."""

from __future__ import annotations

import json
import os
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

st.set_page_config(layout="wide")
own = json.loads(Path(os.environ["KHORGOS_BENCH_LAYER"]).read_text(encoding="utf-8"))
if st.button("show"):
    shown = folium.Map((44.2, 80.35), zoom_start=10, tiles=None)
    folium.GeoJson(own, tooltip=folium.GeoJsonTooltip(["name"])).add_to(shown)
    st_folium(shown, height=600, use_container_width=True, returned_objects=[])
