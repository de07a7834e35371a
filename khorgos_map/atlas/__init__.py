"""The atlas: the content of geodata/ as records, loaded and checked. Knows neither folium nor streamlit."""

from khorgos_map.atlas.atlas import Atlas
from khorgos_map.atlas.check import check_content, sound_atlas
from khorgos_map.atlas.folder import content_folder

__all__ = ["Atlas", "check_content", "content_folder", "sound_atlas"]
