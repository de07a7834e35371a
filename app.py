"""What `streamlit run app.py` starts: the page script, the files of the map, and what happens around them."""

import sys

import streamlit as st

from khorgos_map.errors import ContentError
from khorgos_map.page import SCRIPT, content
from khorgos_map.page.guard import Doors
from khorgos_map.page.server import ROUTES, lifespan, middleware

try:
    content.atlas()
except ContentError as error:
    sys.exit(str(error))

app = st.App(SCRIPT, routes=ROUTES, lifespan=lifespan, middleware=middleware(Doors()))
