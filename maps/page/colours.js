/* What colours the grids: load against the band, mean distance to the heart, or gap to the proven bound. */
const areaById = new Map(page.areas.map((area) => [area.id, area]));
const gridById = new Map(page.grids.map((grid) => [grid.id, grid]));
let colouring = "load";

function step(value, limits) {
  const at = limits.findIndex((limit) => value <= limit + 1e-12);
  return at < 0 ? limits.length : at;
}

function fillOf(grid) {
  const special = grid.class === "empty" || grid.class === "dedicated";
  if (special) return "url(#hatch-" + grid.class + ")";
  if (colouring === "walk") return page.colours.walk[step(grid.walk_mean_m, page.walk_limits)];
  if (colouring === "proof") {
    return grid.gap_share === null ? "url(#hatch-no-proof)" : page.colours.proof[step(grid.gap_share, page.proof_limits)];
  }
  return grid.class === "in_band" ? page.colours.tints[grid.third][grid.tint] : page.colours.load[grid.class];
}

function limitRows(colours, limits, show) {
  return colours.map((colour, i) => {
    if (i === 0) return [colour, t("legend.up_to", { value: show(limits[0]) })];
    if (i === limits.length) return [colour, t("legend.from", { value: show(limits[i - 1]) })];
    return [colour, t("legend.between", { low: show(limits[i - 1]), high: show(limits[i]) })];
  });
}

/* The band in three parts; whole counts share no number between two rows. */
function insideRows() {
  return [2, 1, 0].map((third) => {
    const count = page.grids.filter((grid) => grid.class === "in_band" && grid.third === third).length;
    if (!page.band) return [page.colours.tints[third][1], t("legend.inside." + third), count];
    const [low, , high] = page.band;
    const end = (part) => low + ((high - low) * part) / 3;
    const first = third === 0 ? low : Math.floor(end(third)) + 1;
    return [page.colours.tints[third][1], t("legend.inside", { low: figure(first), high: figure(Math.floor(end(third + 1))), unit: loadUnit() }), count];
  });
}

/* Rows of the legend: [colour or pattern, text]. Only classes that occur are listed, and always the band. */
function legendRows() {
  if (colouring === "walk") {
    return limitRows(page.colours.walk, page.walk_limits, (metres) => figure(metres) + " " + t("unit.m"));
  }
  if (colouring === "proof") {
    const rows = limitRows(page.colours.proof, page.proof_limits, (share) => percent(share, 1));
    rows[0][1] = t("proof.optimal");
    const told = page.grids.filter((grid) => grid.class !== "empty" && grid.class !== "dedicated");
    const counted = rows.map(([colour, text], i) =>
      [colour, text, told.filter((grid) => grid.gap_share !== null && step(grid.gap_share, page.proof_limits) === i).length]);
    return counted.concat([["hatch-no-proof", t("legend.no_proof"), told.filter((grid) => grid.gap_share === null).length]]);
  }
  const present = new Set(page.grids.map((grid) => grid.class));
  const named = (names) => names.filter((name) => present.has(name)).map((name) => [
    name === "empty" || name === "dedicated" ? "hatch-" + name : page.colours.load[name],
    t("legend." + name),
    page.grids.filter((grid) => grid.class === name).length,
  ]);
  return [...named(["far_above", "above"]), ...insideRows(), ...named(["below", "far_below", "dedicated", "empty"])];
}

/* Patterns live once in the page, so that every layer can point at them. */
function addPatterns() {
  const hatch = (id, colour, background, width, gap, angle) =>
    svg("pattern", { id, width: gap, height: gap, patternUnits: "userSpaceOnUse", patternTransform: "rotate(" + angle + ")" },
      svg("rect", { width: gap, height: gap, fill: background }),
      svg("rect", { width, height: gap, fill: colour }));
  const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" });
  holder.append(svg("defs", {},
    hatch("hatch-empty", "#e3e6e8", "#fbfbfb", 1.5, 9, 45),
    hatch("hatch-dedicated", "#b6abc9", "#e8e3f0", 2, 8, -45),
    hatch("hatch-no-proof", "#c9ced2", "#ffffff", 2, 6, 45),
    hatch("hatch-gap", page.colours.gap, "rgba(163,25,91,0.10)", 1.5, 8, 45)));
  document.body.append(holder);
}
