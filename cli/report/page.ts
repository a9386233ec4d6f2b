import { readFileSync } from "node:fs";
import { causes } from "./causes.ts";
import { overviewChart } from "./charts/overview-chart.ts";
import { rooflineChart } from "./charts/roofline-chart.ts";
import { trafficChart } from "./charts/traffic-chart.ts";
import { windowChart } from "./charts/window-chart.ts";
import { group, kib, percent } from "./format.ts";
import { Html, html } from "./html.ts";
import { layerSection } from "./layer-table.ts";
import type { DetailedReport, RunReport } from "./run-report.ts";
import { causeBar, causeSection, legend, tiles, trafficSection } from "./sections.ts";
import { trafficKinds } from "./traffic.ts";
import type { Window } from "./windows.ts";

const asset = (name: string): Html => new Html(readFileSync(new URL(name, import.meta.url), "utf8"));

/** The page of a report: one HTML file that needs nothing else. */
export async function reportPage(detailed: DetailedReport): Promise<string> {
  const { report } = detailed;
  const title = `${report.network} on ${report.configuration.name}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${asset("page.css")}</style></head><body><main>
${header(report, title)}
${tiles(report)}
${causeSection(report)}
${timelineSection(report, await svg(overviewChart(report)))}
<div class="pair">${rooflineSection(report, await svg(rooflineChart(report)))}${trafficSection(report, await svg(trafficChart(report)))}</div>
${layerSection(report)}
${await windowSection(detailed)}
${footer(report)}
</main><script>${asset("page.js")}</script></body></html>
`;
  return page.text;
}

const svg = async (chart: Promise<string>): Promise<Html> => new Html(await chart);

function header({ configuration, memory, input, source, command }: RunReport, title: string): Html {
  const { groupWidth: g, outputChannels: m, pixelLanes: p, axiDataBits } = configuration;
  const array = `G = ${g}, M = ${m}, P = ${p}: ${g * m * p} MACs a cycle`;
  const bus = `AXI of ${axiDataBits} bits, memory ${memory.name} (reads answered after ${memory.readLatency} cycles)`;
  return html`<header><h1>${title}</h1>
<p class="note">Input ${input}, batch 1. ${array}. ${bus}. Figures: ${source === "RTL" ? "counted by the simulated RTL" : "cycle model"}.</p>
<p class="note"><code>${command}</code></p></header>`;
}

function timelineSection(report: RunReport, chart: Html): Html {
  const moved = trafficKinds.filter(
    (kind) => kind !== "commands" && report.traffic[kind].read + report.traffic[kind].write > 0,
  );
  const seen = causes.filter((cause) => report.split[cause] >= 0.5);
  return html`<section id="timeline"><h2>Timeline</h2>
<p class="note">The run from start to done in ${report.overview.array.useful.length} slices of ${group(report.overview.sliceCycles)} cycles.
Grey: when the computations of each block ran; fused blocks run side by side. Array: share of each slice by what it does. DRAM: share of the bus, read and written at once, by what moves.</p>
<figure role="img" aria-label="Timeline of the array and the DRAM bus">${chart}</figure>
${legend("array", seen)}${legend("DRAM", moved)}</section>`;
}

function rooflineSection({ roofline }: RunReport, chart: Html): Html {
  const unplaced = roofline.layers.filter(({ intensity }) => intensity === null).length;
  const rest = unplaced === 0 ? "" : ` ${unplaced} layers move nothing over the bus and are not shown.`;
  return html`<section id="roofline"><h2>Roofline</h2>
<p class="note">A dot a layer, as large as its MACs, in the colour of what it lost most cycles to. Loads run ahead, so a layer may stand above the
slope; the whole run cannot.${rest}</p>
<figure role="img" aria-label="Roofline: MACs a cycle over MACs a byte">${chart}</figure></section>`;
}

async function windowSection(detailed: DetailedReport): Promise<Html> {
  const { report } = detailed;
  const lost = (window: Window): number =>
    window.layers.reduce((sum, index) => sum + report.layers[index].cycles - report.layers[index].split.useful, 0);
  const [worst] = [...report.windows].sort((a, b) => lost(b) - lost(a));
  const entries: Html[] = [];
  for (const window of report.windows) {
    const chart = await svg(windowChart(detailed, window));
    const split = Object.fromEntries(
      causes.map((cause) => [cause, window.layers.reduce((sum, index) => sum + report.layers[index].split[cause], 0)]),
    ) as RunReport["split"];
    entries.push(html`<details${window === worst ? " open" : ""}><summary><b>${window.block}</b>
<span class="n">${group(window.cycles)} cycles</span><span class="n">${percent(split.useful / window.cycles)} useful</span>
${causeBar(split, window.cycles, true)}</summary>
<figure role="img" aria-label="Timeline of ${window.block}">${chart}</figure></details>`);
  }
  return html`<section id="blocks"><h2>Block by block</h2>
<p class="note">Loads, the array's work on each layer, and stores while a block runs. Blue: the array is fed; other colours: what it waits for before.
The block that loses most cycles is open.</p>${entries}</section>`;
}

function footer({ onChip, configuration }: RunReport): Html {
  const memories = [
    ["features", onChip.featureBytes],
    ["weights", onChip.weightBytes],
    ["parameters", onChip.parameterBytes],
    ["tables", onChip.tableBytes],
  ] as const;
  const list = memories.map(([name, bytes]) => `${name} ${kib(bytes)}`).join(", ");
  return html`<footer>On chip: ${list}. Configuration: <code>${JSON.stringify(configuration)}</code></footer>`;
}
