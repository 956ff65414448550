import { ask, lang, make, number, say, sayAll } from "/assets/words.js";

const message = document.getElementById("message");

async function card(study) {
  const about = await ask(`/v1/studies/${encodeURIComponent(study.study_id)}`);
  const box = make("section", null, { class: "card" });
  box.append(make("h2", about.name || study.study_id));
  box.append(make("p", say("units", { units: number(about.units), households: number(about.households), residents: number(about.residents) }), { class: "soft" }));
  const notice = lang === "zh" ? about.notice_zh : about.notice_en;
  if (notice) box.append(make("p", notice, { class: "notice" }));
  for (const plan of [...study.plans].reverse()) {
    const id = encodeURIComponent(plan.plan_id);
    const line = make("p", null, { class: "actions" });
    line.append(make("strong", plan.plan_id));
    line.append(make("span", `${say("version")} ${plan.version} · ${say(plan.status)}`, { class: "soft" }));
    line.append(make("a", say("map"), { href: `/map/${id}?lang=${lang}` }));
    line.append(make("a", say("edit"), { href: `/edit/${id}?lang=${lang}` }));
    line.append(make("a", say("gaps"), { href: `/gaps/${id}?lang=${lang}` }));
    line.append(make("a", say("compare"), { href: `/compare/${id}?lang=${lang}` }));
    box.append(line);
  }
  return box;
}

async function show() {
  sayAll();
  document.title = say("title");
  try {
    const { studies } = await ask("/v1/studies");
    const cards = await Promise.all(studies.map(card));
    document.getElementById("studies").append(...cards);
    message.textContent = studies.length ? "" : say("none");
  } catch (error) {
    message.textContent = say("failed") + error.message;
  }
}

show();
