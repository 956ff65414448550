/* Symbols of facilities: a colour and a white sign for each kind; unknown kinds take what is left, in order. */
const SIGNS = {
  heart: "M10 15.6 4.9 10.4a3.1 3.1 0 0 1 0-4.4 3.1 3.1 0 0 1 4.4 0l.7.8.7-.8a3.1 3.1 0 0 1 4.4 4.4z",
  cross: "M8.2 4h3.6v4.2H16v3.6h-4.2V16H8.2v-4.2H4V8.2h4.2z",
  child: "M10 3.6a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM5.6 16.4c0-3.6 1.7-6.4 4.4-6.4s4.4 2.8 4.4 6.4z",
  block: "M4.5 4.5h5v5h-5zM10.7 10.7h5v5h-5zM4.5 10.7h5v5h-5z",
  bowl: "M3.6 9.5h12.8a6.4 6.4 0 0 1-4 5.9v1.1H7.6v-1.1a6.4 6.4 0 0 1-4-5.9zM7.2 3.6h1.3v4.4H7.2zM11.5 3.6h1.3v4.4h-1.3z",
  house: "M10 3.6 3.4 9.6h1.9v6.3h3.5v-3.8h2.4v3.8h3.5V9.6h1.9z",
  ball: "M10 3.8a6.2 6.2 0 1 1 0 12.4 6.2 6.2 0 0 1 0-12.4zm0 3.4L7.3 9.2l1 3.2h3.4l1-3.2z",
  train: "M6 3.8h8a1.8 1.8 0 0 1 1.8 1.8v6a1.8 1.8 0 0 1-1.8 1.8l1.6 2.6h-2l-1.3-2.2H7.7l-1.3 2.2h-2L6 13.400a1.8 1.8 0 0 1-1.8-1.800v-6A1.8 1.8 0 0 1 6 3.8zm.2 2v3.400h7.6V5.800z",
  book: "M3.8 4.800c2.500-.6 4.700-.300 5.600.8v10c-1.200-1-3.400-1.200-5.600-.7zM16.200 4.800c-2.500-.6-4.700-.300-5.600.8v10c1.200-1 3.400-1.200 5.600-.7z",
  flag: "M5 3.500h1.600v.9h8.600l-2 3 2 3H6.600v6.100H5z",
  dot: "M10 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
};
const KNOWN = {
  eldercare: ["heart", "#b5376b"], home_care_centre: ["heart", "#b5376b"], nursing_bed: ["heart", "#7d2b52"],
  clinic: ["cross", "#1f7a5c"], chas_clinic: ["cross", "#1f7a5c"], health_station: ["cross", "#1f7a5c"],
  childcare: ["child", "#6d4fa3"], kindergarten: ["block", "#4a5fb0"], school: ["book", "#4a5fb0"],
  hawker_centre: ["bowl", "#9a5b12"], market: ["bowl", "#9a5b12"],
  community_club: ["house", "#2a6f97"], community_centre: ["house", "#2a6f97"], party_service: ["flag", "#b03a2e"],
  service_platform: ["flag", "#2a6f97"], service_station: ["house", "#35618e"], sport_facility: ["ball", "#4f7a1f"],
  mrt_exit: ["train", "#51565b"], reading_room: ["book", "#7a5c3e"], police_station: ["flag", "#24477a"],
};
const SPARE = [["dot", "#35618e"], ["block", "#7a5c3e"], ["flag", "#4f7a1f"], ["ball", "#6d4fa3"], ["house", "#9a5b12"]];
const kinds = [...new Set(page.facilities.map((facility) => facility.kind))].sort();
const strangers = kinds.filter((kind) => !(kind in KNOWN));

function signOf(kind) {
  return KNOWN[kind] || SPARE[strangers.indexOf(kind) % SPARE.length] || SPARE[0];
}

/* An existing facility is filled, a candidate hollow, a chosen one filled with a gold ring. */
function symbol(kind, status, size) {
  const [sign, colour] = signOf(kind);
  const hollow = status === "candidate";
  const chosen = status === "chosen";
  return svg("svg", { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true", class: "symbol" },
    svg("rect", {
      x: 1.2, y: 1.2, width: 17.6, height: 17.6, rx: chosen ? 9 : 4.5, fill: hollow ? "#ffffff" : colour,
      stroke: chosen ? "#e8b10c" : hollow ? colour : "#ffffff", "stroke-width": chosen ? 2.2 : 1.3,
    }),
    svg("path", { d: SIGNS[sign], fill: hollow ? colour : "#ffffff", "fill-rule": "evenodd" }));
}
