import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { browse, findBrowser } from "../testing/browser.ts";
import { problemCodes, vargen } from "../testing/run.ts";
import { escapeText } from "./html.ts";
import type { RunReport } from "./run-report.ts";

let folder = "";
let file = "";
let page = "";
let report: RunReport;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vargen-report-"));
  file = join(folder, "made/report.html");
  const outcome = await vargen("report", "vargnet-v1", "--scale", "0.25", "--input-size", "64", "-o", file, "--json");
  expect(outcome.code).toBe(ExitCode.ok);
  page = readFileSync(file, "utf8");
  expect(outcome.out).toBe(readFileSync(join(folder, "made/report.json"), "utf8"));
  report = JSON.parse(outcome.out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("page", () => {
  it("names the run, every layer and every block", () => {
    expect(page).toContain("<h1>vargnet-v1-0.25x-g8-seed1 on g8m8p7</h1>");
    expect(page).toContain("vargen report --network vargnet-v1 --scale 0.25 --input-size 64");
    expect(page).toContain(report.cycles.toLocaleString("en-US"));
    for (const { name, block } of report.layers) {
      const label = name.startsWith(`${block}/`) ? name.slice(block.length + 1) : name;
      expect(page).toContain(`>${escapeText(label)}</td>`);
    }
    for (const { block } of report.windows) expect(page).toContain(`<b>${block}</b>`);
    for (const id of ["causes", "timeline", "roofline", "traffic", "layers", "blocks"])
      expect(page).toContain(`<section id="${id}">`);
    expect(page.match(/<svg /g)).toHaveLength(3 + report.windows.length);
  });

  it("needs nothing but itself, and has no holes", () => {
    expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(/https?:|src=|<link|@import|url\((?!#)/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it("has each colour in a light and a dark form", () => {
    const used = new Set([...page.matchAll(/var\(--([a-z]+)\)/g)].map(([, name]) => name));
    const [light, dark] = page.split("prefers-color-scheme: dark");
    for (const name of used) for (const half of [light, dark]) expect(half, name).toContain(`--${name}: #`);
  });
});

/** Run in the page: what only a browser can tell, as JSON in the document's title. */
const probe = `<script>addEventListener("load", () => {
  const svgs = [...document.querySelectorAll("figure svg")];
  const fills = [...new Set([...document.querySelectorAll("figure path, figure rect")].map((e) => getComputedStyle(e).fill))];
  const bar = document.querySelector("[data-tip]");
  bar.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 90, clientY: 90 }));
  const { scrollWidth, clientWidth } = document.documentElement;
  const drawn = svgs.filter((svg) => svg.closest("details:not([open])") || svg.getBoundingClientRect().width > 100).length;
  const tip = document.getElementById("tip");
  document.title = JSON.stringify({ overflow: scrollWidth - clientWidth, svgs: svgs.length, drawn, fills,
    background: getComputedStyle(document.body).backgroundColor, tip: tip.hidden ? "" : tip.textContent });
});</script>`;

const browser = findBrowser();
const title = browser === undefined ? "in a browser (skipped: no chromium in the PATH)" : "in a browser";

describe.skipIf(browser === undefined)(title, () => {
  const look = async (width: number, dark: boolean) => {
    const probed = join(folder, "probe.html");
    writeFileSync(probed, page.replace("<style>", `${probe}<style>`));
    const dom = await browse(browser ?? "", probed, { width, dark });
    return JSON.parse(/<title>(.*?)<\/title>/.exec(dom)?.[1].replaceAll("&amp;", "&") ?? "{}");
  };

  it("fits a laptop's window, resolves its colours and explains a bar", async () => {
    const seen = await look(1280, false);
    expect(seen).toMatchObject({ overflow: 0, drawn: seen.svgs, background: "rgb(244, 246, 248)" });
    expect(seen.fills).toEqual(expect.arrayContaining(["rgb(0, 114, 178)", "rgb(230, 159, 0)"]));
    expect(seen.tip).toMatch(/cycles, \d+\.\d %$/);
  });

  it("is dark on dark screens, and fits a small one", async () => {
    const seen = await look(720, true);
    expect(seen).toMatchObject({ overflow: 0, background: "rgb(18, 23, 28)" });
    expect(seen.fills).toContain("rgb(63, 155, 216)");
  });
});

describe("report", () => {
  it("tells people the figures", async () => {
    const other = join(folder, "a.html");
    const { code, out } = await vargen("report", "vargnet-fashion", "--clock", "100", "-o", other);
    expect(code).toBe(ExitCode.ok);
    expect(out).toMatch(/MAC utilisation +[89]\d\.\d % of 448 MAC units/);
    expect(out).toMatch(/images\/s at 100 MHz/);
    expect(out).toContain(`written: ${other}\nwritten: ${join(folder, "a.json")}\n`);
  });

  it.each([
    ["no network", ["report"], ExitCode.usage, ["usage/missing --network"]],
    ["a page of another kind", ["report", "vargnet-fashion", "-o", "x.pdf"], ExitCode.input, ["report/name x.pdf"]],
    [
      "a page that cannot be written",
      ["report", "vargnet-fashion", "-o", "/dev/null/x.html"],
      ExitCode.input,
      ["report/unwritable /dev/null/x.html"],
    ],
    [
      "a clock out of range",
      ["report", "vargnet-fashion", "--clock", "0"],
      ExitCode.usage,
      ["usage/out-of-range --clock"],
    ],
  ])("refuses %s", async (_what, args, code, problems) => {
    const outcome = await vargen(...args, "--json");
    expect(outcome.code).toBe(code);
    expect(problemCodes(outcome)).toEqual(problems);
  });
});
