import { causeText } from "./causes.ts";
import { bytesText, group, percent } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { LayerRow } from "./layers.ts";
import type { RunReport } from "./run-report.ts";
import { causeBar, swatch } from "./sections.ts";

/** Every layer, by block: shapes, MACs, cycles, share of peak, DRAM bytes, what it lost cycles to. */
export function layerSection(report: RunReport): Html {
  const { layers, peakMacs, rtl } = report;
  const longest = Math.max(...layers.map(({ cycles }) => cycles));
  const columns = rtl === undefined ? 11 : 12;
  let block = "";
  const rows = layers.flatMap((layer) => {
    const inBlock = layer.block !== layer.name;
    const opens = inBlock && layer.block !== block;
    block = layer.block;
    const title = opens
      ? [html`<tr class="block"><td colspan="${columns}">${blockTitle(layer.block, layers, peakMacs)}</td></tr>`]
      : [];
    return [...title, layerRow(layer, inBlock, longest, rtl !== undefined)];
  });
  return html`<section id="layers"><h2>Layers</h2>
<p class="note">Cycles: the array's, waiting for the layer's data included; their sum is the run. Of peak: useful MACs / (MAC units × cycles).
DRAM: bytes moved for the layer, whenever they moved.</p>
<div class="wide"><table><thead><tr><th>layer</th><th>work</th><th>input</th><th>output</th><th class="n">MACs</th>
${rtl === undefined ? "" : html`<th class="n">RTL cycles</th>`}
<th class="n">${rtl === undefined ? "cycles" : "model"}</th><th class="n">of peak</th><th>cycles by cause</th><th class="n">DRAM</th><th>lost most to</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function blockTitle(block: string, layers: readonly LayerRow[], peakMacs: number): string {
  const own = layers.filter((layer) => layer.block === block);
  const sum = (of: (layer: LayerRow) => number): number => own.reduce((total, layer) => total + of(layer), 0);
  const cycles = sum((layer) => layer.cycles);
  return `${block}: ${group(cycles)} cycles, ${percent(sum(({ macs }) => macs) / (peakMacs * cycles))} of peak`;
}

function layerRow(layer: LayerRow, inBlock: boolean, longest: number, rtl: boolean): Html {
  const { name, block, work, input, output, macs, cycles, utilization, dram, split, lostTo, rtlCycles } = layer;
  const label = inBlock && name.startsWith(`${block}/`) ? name.slice(block.length + 1) : name;
  const bytes = dram.read + dram.write;
  const loss = lostTo === undefined ? "" : html`${swatch(lostTo)}${lostTo}: ${group(Math.round(split[lostTo]))}`;
  const width = Math.max(3, (100 * cycles) / longest).toFixed(1);
  return html`<tr><td class="${inBlock ? "layer" : ""}">${label}</td><td>${work}</td><td>${input}</td><td>${output}</td>
<td class="n">${group(macs)}</td>${rtl ? html`<td class="n">${group(rtlCycles ?? 0)}</td>` : ""}
<td class="n">${group(cycles)}</td><td class="n">${percent(utilization)}</td>
<td style="min-width:130px"><div style="width:${width}%">${causeBar(split, cycles, true)}</div></td>
<td class="n">${bytes === 0 ? "" : bytesText(bytes)}</td>
<td${lostTo === undefined ? "" : html` title="${causeText[lostTo]}"`}>${loss}</td></tr>`;
}
