import { type Cause, type CauseCycles, causes, causeText } from "./causes.ts";
import { bytesText, group, kib, percent, rate, whole } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { RunReport } from "./run-report.ts";
import { type TrafficKind, trafficKinds, trafficText } from "./traffic.ts";

/** The main figures. */
export function tiles(report: RunReport): Html {
  const { utilization, peakMacs, cycles, predictedCycles, clockHz, imagesPerSecond, dram, macs, onChip } = report;
  const clock = `${clockHz / 1e6} MHz`;
  const model = report.source === "RTL" ? `cycle model: ${group(predictedCycles)}` : "by the cycle model";
  const tile = (name: string, value: string, more: string): Html =>
    html`<div class="tile"><div class="name">${name}</div><div class="value">${value}</div><div class="more">${more}</div></div>`;
  const bandwidth = ((dram.read + dram.write) * imagesPerSecond) / 1e9;
  const buffers = onChip.featureBytes + onChip.weightBytes + onChip.parameterBytes + onChip.tableBytes;
  return html`<div class="tiles">
${tile("MAC utilisation", percent(utilization), `${group(macs)} MACs on ${peakMacs} units`)}
${tile("Clock cycles an image", group(cycles), report.source === "RTL" ? `RTL; ${model}` : model)}
${tile(`Images a second at ${clock}`, rate(imagesPerSecond), `${((1000 * cycles) / clockHz).toPrecision(3)} ms an image`)}
${tile("DRAM traffic an image", bytesText(dram.read + dram.write), `${bandwidth.toPrecision(3)} GB/s at ${clock}`)}
${tile("On-chip memory", kib(buffers), `${onChip.bram36} BRAM36 (estimate)`)}
</div>`;
}

/** A bar of cycles by cause. */
export function causeBar(split: CauseCycles, total: number, small: boolean): Html {
  const pieces = causes
    .filter((cause) => split[cause] > 0)
    .map((cause) => {
      const share = split[cause] / total;
      const tip = `${causeText[cause]}: ${whole(split[cause])} cycles, ${percent(share)}`;
      return html`<i style="width:${(100 * share).toFixed(3)}%;background:var(--${cause})" data-tip="${tip}"></i>`;
    });
  return html`<div class="bar${small ? " small" : ""}">${pieces}</div>`;
}

/** Where the cycles went. */
export function causeSection({ split, predictedCycles, rtl }: RunReport): Html {
  const rows = causes
    .filter((cause) => split[cause] >= 0.5)
    .map(
      (cause) => html`<tr><td class="text">${swatch(cause)}${causeText[cause]}</td>
<td class="n">${whole(split[cause])}</td><td class="n">${percent(split[cause] / predictedCycles)}</td></tr>`,
    );
  return html`<section id="causes"><h2>Where the cycles went</h2>
<p class="note">What the array did in each cycle from start to done, by the cycle model. The parts add up to the run.</p>
${causeBar(split, predictedCycles, false)}
<table><thead><tr><th>the array</th><th class="n">cycles</th><th class="n">share</th></tr></thead><tbody>${rows}
<tr class="sum"><td>all cycles</td><td class="n">${group(predictedCycles)}</td><td class="n">100.0 %</td></tr></tbody></table>
${rtl === undefined ? "" : counters(rtl, split)}</section>`;
}

/** The RTL's counters beside the model's sums. */
function counters(
  { split: counted, loads, cycles, comparedValues, mismatches }: NonNullable<RunReport["rtl"]>,
  split: CauseCycles,
): Html {
  const rows: readonly (readonly [string, number, number])[] = [
    ["fed", counted.busy, split.useful + split.lanes],
    ["waits for weights", loads.weights, split.weights],
    ["waits for rows", loads.features, split.maps],
    ["waits for other loads", loads.other, split.loads],
    ["waits for results", counted.waitCompute, split.results],
    ["waits for stores", counted.waitStore, split.stores],
    ["waits for the drain", counted.waitDrain, split.drain],
    ["has no command", counted.noCommand, split.command],
    ["all cycles", cycles, causes.reduce((sum, cause) => sum + split[cause], 0)],
  ];
  const cells = rows.map(
    ([name, rtl, model], i) => html`<tr${i === rows.length - 1 ? html` class="sum"` : ""}><td>${name}</td>
<td class="n">${group(rtl)}</td><td class="n">${whole(model)}</td><td class="n">${signed(Math.round(model) - rtl)}</td></tr>`,
  );
  const compared = `${group(comparedValues)} values compared with the reference, ${group(mismatches)} differ`;
  return html`<h2 class="gap">Counted by the RTL</h2>
<p class="${mismatches > 0 ? "alarm" : "note"}">${compared}.</p>
<table><thead><tr><th>the array</th><th class="n">RTL counters</th><th class="n">cycle model</th><th class="n">difference</th></tr></thead>
<tbody>${cells}</tbody></table>`;
}

const signed = (value: number): string => (value > 0 ? `+${group(value)}` : group(value));

/** DRAM traffic: bytes by kind, and the maps that go through DRAM. */
export function trafficSection({ traffic, spilled }: RunReport, chart: Html): Html {
  const rows = trafficKinds
    .filter((kind) => traffic[kind].read + traffic[kind].write > 0)
    .map(
      (kind) => html`<tr><td class="text">${swatch(kind)}${trafficText[kind]}</td>
<td class="n">${group(traffic[kind].read)}</td><td class="n">${group(traffic[kind].write)}</td></tr>`,
    );
  const sum = (direction: "read" | "write"): string =>
    group(trafficKinds.reduce((total, kind) => total + traffic[kind][direction], 0));
  const maps = spilled.map(
    ({ tensor, read, write }) =>
      html`<tr><td>${tensor}</td><td class="n">${group(read)}</td><td class="n">${group(write)}</td></tr>`,
  );
  const head = html`<th class="n">bytes read</th><th class="n">written</th>`;
  return html`<section id="traffic"><h2>DRAM traffic of one image</h2>
<p class="note">Every byte over the bus.</p><figure role="img" aria-label="DRAM bytes read and written, by kind">${chart}</figure>
<table><thead><tr><th>what</th>${head}</tr></thead><tbody>${rows}
<tr class="sum"><td>all</td><td class="n">${sum("read")}</td><td class="n">${sum("write")}</td></tr></tbody></table>
${
  maps.length === 0
    ? html`<p class="note gap">No map between layers goes through DRAM.</p>`
    : html`<details><summary class="plain"><span>${maps.length} maps between layers go through DRAM</span></summary>
<table><thead><tr><th>map</th>${head}</tr></thead><tbody>${maps}</tbody></table></details>`
}</section>`;
}

/** A legend of colours. */
export function legend(title: string, names: readonly (Cause | TrafficKind)[]): Html {
  const words: Readonly<Record<string, string>> = { useful: "useful", lanes: "fed, idle lanes", command: "no command" };
  const entries = names.map((name) => html`<span>${swatch(name)}${words[name] ?? name}</span>`);
  return html`<div class="legend"><b>${title}</b>${entries}</div>`;
}

/** A small square of a colour. */
export function swatch(name: Cause | TrafficKind): Html {
  return html`<span class="swatch" style="background:var(--${name})"></span>`;
}
