import { createColors } from "picocolors";
import { ExitCode } from "../../models/errors.ts";
import { type CountedTable, paperTables, type TableRow } from "../../models/networks/index.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../table.ts";

/** Widest line of the notes below a table. */
const noteWidth = 100;

/** Beside each MAdds column that halves what the paper prints. */
const halved = "/ 2";

/** `vargen tables`: the paper's tables, counted here and as published. */
export const tablesCommand = defineCommand({
  name: "tables",
  summary: "Count the MAdds and parameters of every network in the paper's tables, beside the published figures.",
  options: ["json"],
  examples: ["vargen tables", "vargen tables --json"],
  run: async ({ json }, io) => {
    const tables = paperTables();
    if (json) {
      const titles = tables.map(({ rows: _, ...table }) => table);
      io.out(`${JSON.stringify({ units, tables: titles, rows: tables.flatMap(({ rows }) => rows) }, null, 2)}\n`);
    } else {
      io.out(tables.map((table) => describe(table, io.colors)).join("\n"));
      const { dim } = createColors(io.colors);
      io.out(dim(`\nK, M, G: ${units.K}, ${units.M}, ${units.G}. ${units.madds}\n`));
    }
    return ExitCode.ok;
  },
});

const units = {
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  madds: "MAdds: weights of convolutions and fully connected layers times output positions.",
};

function describe({ table, title, note, countedTwice, rows }: CountedTable, colors: boolean): string {
  const { bold, dim } = createColors(colors);
  const hasParams = rows.some(({ publishedParams }) => publishedParams !== null);
  const heading = ["network", "G", "scale", "input", "MAdds", "published", "error"];
  if (hasParams) heading.push("parameters", "published", "error");
  const cells = rows.map((row) => [
    ...[row.network, row.group === null ? "" : String(row.group), String(row.scale), row.input],
    ...maddsCells(row, countedTwice === true),
    ...(hasParams ? paramsCells(row) : []),
  ]);
  const [first, ...rest] = formatTable(
    [heading, ...cells],
    heading.map((_, column) => column > 0),
  ).split("\n");
  const notes = note === undefined ? "" : `${dim(wrapped(note))}\n`;
  return `${bold(`Table ${table}. ${title}`)}\n${dim(first)}\n${rest.join("\n")}${notes}`;
}

function maddsCells({ madds, printed, errorPercent }: TableRow, countedTwice: boolean): readonly string[] {
  const published = printed.madds === null || !countedTwice ? printed.madds : `${printed.madds} ${halved}`;
  return [inUnitOf(madds, printed.madds), published ?? "?", error(errorPercent)];
}

function paramsCells({ params, printed, paramsErrorPercent }: TableRow): readonly string[] {
  return [inUnitOf(params, printed.params), printed.params ?? "?", error(paramsErrorPercent)];
}

/** A count in the unit that the paper prints (M where it prints nothing), with one digit more. */
function inUnitOf(count: number, printed: string | null): string {
  const letter = printed?.slice(-1) ?? "M";
  const digits = printed === null ? 3 : (printed.split(".")[1]?.length ?? 1);
  const unit = letter === "K" ? units.K : letter === "G" ? units.G : units.M;
  return `${(count / unit).toFixed(digits)}${letter}`;
}

function error(percent: number | null): string {
  if (percent === null) return "";
  const size = Math.abs(percent).toFixed(1);
  return `${size === "0.0" ? "" : percent > 0 ? "+" : "-"}${size} %`;
}

/** A text broken into lines at spaces. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length >= noteWidth) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}
