"""Khorgos Map: what is where, who says so, who disagrees, how far and how large."""

import os

# GDAL makes its drivers ready when pyogrio is first imported. Those that open what a file names, another file or an
# address, are never among them: users' files are read in this process.
_SKIPPED = (
    "OGR_VRT GDALG HTTP WFS OAPIF OGCAPI CSW EEDA Elasticsearch Carto AmigoCloud PLSCENES NGW ADBC MVT PMTiles MBTiles "
    "GPSBabel OSM GTFS LVBAG PDS4 OGR_PDS PCIDSK VICAR AVCBin AVCE00 AIVector GeoRSS MapML OpenFileGDB S57 SXF "
    "EDIGEO VDV VFK Idrisi Selafin WAsP DGN MiraMonVector TopoJSON ESRIJSON"
)
SKIPPED_DRIVERS = tuple(_SKIPPED.split())
os.environ["OGR_SKIP"] = ",".join(SKIPPED_DRIVERS)
