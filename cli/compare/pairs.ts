import type { MeasuredRow } from "./row.ts";

/** A VarGNet beside another network of about the same MAdds on the same input. */
export interface Pair {
  readonly vargnet: MeasuredRow;
  readonly other: MeasuredRow;
  /** Utilisation of the VarGNet over that of the other: how many times faster it makes a useful MAC. */
  readonly speedup: number;
}

/** Networks of one task whose MAdds differ by a larger factor are no pair. */
const widest = 1.15;

/** For every VarGNet among the rows the nearest row in MAdds of each other network, if one is near enough. */
export function pairsOf(rows: readonly MeasuredRow[]): readonly Pair[] {
  const isVargnet = ({ name }: MeasuredRow): boolean => name.startsWith("vargnet");
  const others = [...new Set(rows.filter((row) => !isVargnet(row)).map(({ name }) => name))];
  return rows.filter(isVargnet).flatMap((vargnet) =>
    others.flatMap((name): readonly Pair[] => {
      const distance = ({ madds }: MeasuredRow): number => Math.abs(Math.log(madds / vargnet.madds));
      const [other] = rows
        .filter((row) => row.name === name && comparable(row, vargnet) && distance(row) <= Math.log(widest))
        .sort((a, b) => distance(a) - distance(b));
      return other === undefined ? [] : [{ vargnet, other, speedup: vargnet.utilization / other.utilization }];
    }),
  );
}

/** The same task on the same input, measured in the same way. */
function comparable(a: MeasuredRow, b: MeasuredRow): boolean {
  const task = ({ name }: MeasuredRow): string => name.split("-").slice(2).join("-");
  return task(a) === task(b) && a.input === b.input && a.source === b.source;
}
