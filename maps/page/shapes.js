/* Coordinates: integers count millionths of a degree from the page's south-west corner. */
function latLng(place) {
  return L.latLng(page.corner[1] + place[1] / 1e6, page.corner[0] + place[0] / 1e6);
}

function line(steps) {
  const made = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    made.push(latLng([x, y]));
  }
  return made;
}

/* Rings of several polygons may follow each other: the even-odd rule draws holes and parts alike. */
function polygonOf(shape, options) {
  return L.polygon(shape.map(line), Object.assign({ fillRule: "evenodd", noClip: false, smoothFactor: 0 }, options));
}

function metresPerPixel() {
  const middle = map.getCenter();
  return (40075016.686 * Math.cos((middle.lat * Math.PI) / 180)) / Math.pow(2, map.getZoom() + 8);
}

function addPane(name, zIndex, passive) {
  const pane = map.createPane(name);
  pane.style.zIndex = zIndex;
  if (passive) pane.style.pointerEvents = "none";
  return name;
}
