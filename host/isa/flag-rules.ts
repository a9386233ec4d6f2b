import type { Command } from "./commands.ts";

/** What the flags of a computation contradict (docs/HARDWARE.md section 3: dispatch answers BAD_FIELD); empty if nothing. */
export function flagConflicts(command: Command): readonly string[] {
  if (command.kind !== "compute") return [];
  const { residual, max, upsample, accumulate, partial, blocks, rows, tiles } = command;
  const oneTile = blocks === 1 && rows === 1 && tiles === 1;
  const conflicts: readonly (readonly [boolean, string])[] = [
    [upsample === 1 && residual === 1, "upsample excludes residual"],
    [upsample === 1 && max === 1, "upsample excludes max"],
    [partial === 1 && residual === 1, "partial excludes residual"],
    [partial === 1 && max === 1, "partial excludes max"],
    [partial === 1 && upsample === 1, "partial excludes upsample"],
    [(accumulate === 1 || partial === 1) && !oneTile, "accumulate and partial need blocks = rows = tiles = 1"],
  ];
  return conflicts.filter(([broken]) => broken).map(([, rule]) => rule);
}
