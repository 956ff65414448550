"""wangge (网格): draw, staff and serve the grids that communities are governed by."""
