"""The plain way to show the same layers with streamlit-folium: everything inline, drawn anew on each toggle.

It is what the map is timed against. Its scripts are folium's own, served from this machine as they are.
"""

from __future__ import annotations

import json

import folium
import streamlit as st
from streamlit_folium import st_folium

from khorgos_map.page import content

st.set_page_config(layout="wide")
atlas = content.atlas()
chosen = [layer for layer in atlas.layers if st.checkbox(layer.id, value=True, key=layer.id)]
shown = folium.Map((44.2, 80.35), zoom_start=10, tiles=None, control_scale=True)
for layer in chosen:
    group = folium.FeatureGroup(layer.id).add_to(shown)
    for feature in atlas.features[layer.id]:
        if feature.geometry is not None:
            name = feature.properties.name.in_language("en")[0]
            geometry = json.loads(feature.geometry.model_dump_json(exclude_none=True))
            popup = folium.Popup(name)
            folium.GeoJson(geometry, tooltip=name, popup=popup).add_to(group)  # type: ignore[arg-type]  # any will do
st_folium(shown, height=600, use_container_width=True)
