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

// What to do where there is no plan yet.
function firstSteps() {
  const box = make("section", null, { class: "card", id: "first" });
  const commands = (title, lines) => {
    box.append(make("h3", title));
    const list = make("ol");
    for (const line of lines) {
      const item = make("li");
      item.append(make("code", line));
      list.append(item);
    }
    box.append(list);
  };
  box.append(make("h2", say("none")), make("p", say("noneText")));
  commands(say("noneDemo"), ["wangge demo --out out/demo", "wangge load out/demo"]);
  commands(say("noneOwn"), ["wangge init FOLDER", "wangge load FOLDER/study.toml"]);
  const again = make("button", say("lookAgain"), { type: "button", id: "again" });
  again.addEventListener("click", () => location.reload());
  box.append(make("p", say("noneOwnText"), { class: "soft" }), again);
  return box;
}

async function show() {
  sayAll();
  document.title = say("title");
  try {
    const { studies } = await ask("/v1/studies");
    const cards = await Promise.all(studies.map(card));
    document.getElementById("studies").append(...(studies.length ? cards : [firstSteps()]));
    message.textContent = "";
  } catch (error) {
    message.textContent = say("failed") + error.message;
  }
}

show();
