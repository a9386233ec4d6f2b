import { countMacs, countParameters } from "../../graph/index.ts";
import { formatShape } from "../../ir/shape.ts";
import { networkGraph } from "../catalog.ts";
import { type PublishedRow, type PublishedTable, publishedTables } from "./published.ts";

/** A row of the paper's tables: what its network counts here beside what was published. `null`: nothing was. */
export interface TableRow {
  /** Number and part, such as `3a`. */
  readonly table: string;
  /** Such as `vargnet-v1`, see `networkNames`. */
  readonly network: string;
  /** G; `null` for networks without variable group convolution. */
  readonly group: number | null;
  readonly scale: number;
  /** Channels x height x width. */
  readonly input: string;
  readonly madds: number;
  /** With the global pooling counted as a depthwise convolution where the paper's table does so (3 and 4). */
  readonly params: number;
  /** In MAdds: half of what is printed where a multiplication and an addition count as two. */
  readonly publishedMadds: number | null;
  readonly publishedParams: number | null;
  /** Of `madds` from `publishedMadds`. */
  readonly errorPercent: number | null;
  /** Of `params` from `publishedParams`. */
  readonly paramsErrorPercent: number | null;
  /** What the paper prints. */
  readonly printed: { readonly madds: string | null; readonly params: string | null };
}

/** A table with its rows counted. */
export interface CountedTable extends Pick<PublishedTable, "table" | "title" | "note" | "countedTwice"> {
  readonly rows: readonly TableRow[];
}

/** Every table of the paper that counts MAdds or parameters, computed beside published. */
export function paperTables(): readonly CountedTable[] {
  return publishedTables.map((table) => ({ ...table, rows: table.rows.map((row) => count(table, row)) }));
}

function count({ table, depthwisePool = false, countedTwice }: PublishedTable, row: PublishedRow): TableRow {
  const graph = networkGraph(row.network, row.options);
  const { group = 8, scale = 1 } = row.options;
  const madds = countMacs(graph);
  const params = countParameters(graph, depthwisePool);
  const publishedMadds = countOf(row.madds, countedTwice ? 2 : 1);
  const publishedParams = countOf(row.params);
  return {
    table,
    network: row.network,
    group: row.network.startsWith("vargnet") ? group : null,
    scale,
    input: formatShape(graph.inputShape),
    madds,
    params,
    publishedMadds,
    publishedParams,
    errorPercent: errorOf(madds, publishedMadds),
    paramsErrorPercent: errorOf(params, publishedParams),
    printed: { madds: row.madds ?? null, params: row.params ?? null },
  };
}

/** Letters after the paper's figures. */
const units: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function countOf(text: string | undefined, divisor = 1): number | null {
  return text === undefined ? null : (Number(text.slice(0, -1)) * units[text.slice(-1)]) / divisor;
}

function errorOf(value: number, published: number | null): number | null {
  return published === null ? null : 100 * (value / published - 1);
}
