"""A Streamlit page with next to nothing on it: the least that any page of it takes to load."""

import streamlit as st

st.write("bare")
