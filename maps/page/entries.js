/* What can be searched for on a plan's page. */
function entries() {
  const list = page.grids.map((grid) => ({ text: grid.id, note: codeName(grid.id), kind: t("grid"), act: () => showGrid(grid) }));
  for (const area of page.areas) {
    list.push({ text: area.name, note: area.id, kind: t("community"), act: () => showShape([area.shape]) });
  }
  const compounds = new Map();
  for (const unit of page.units) {
    if (unit.compound) compounds.set(unit.compound, (compounds.get(unit.compound) || []).concat(unit));
    list.push({ text: unit.id, note: unit.compound || unit.grid_id, kind: t("unit"), act: () => showUnit(unit) });
  }
  for (const [name, units] of compounds) {
    list.push({ text: name, note: "", kind: t("compound"), act: () => showShape(units.map((unit) => unit.shape || [unit.place])) });
  }
  for (const facility of page.facilities) {
    list.push({ text: facility.name || facility.id, note: facility.id, kind: t("facility." + facility.kind), act: () => showFacility(facility) });
  }
  return list;
}
