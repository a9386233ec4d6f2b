import type { CommandKind, layouts } from "./fields.ts";

/** A command of one kind: its name and the value of every field (see `layouts` for ranges and meaning). */
export type CommandOf<Kind extends CommandKind> = { readonly kind: Kind } & {
  readonly [Name in keyof (typeof layouts)[Kind]["fields"]]: number;
};

/** Any command. */
export type Command = { [Kind in CommandKind]: CommandOf<Kind> }[CommandKind];

export type ComputeCommand = CommandOf<"compute">;
export type FeatureTransfer = CommandOf<"loadFeatures"> | CommandOf<"storeFeatures">;
export type WordTransfer = CommandOf<"loadWeights"> | CommandOf<"loadParameters"> | CommandOf<"loadTables">;

/** The three engines that run in parallel; END belongs to none. */
export const engines = ["load", "compute", "store"] as const;
export type Engine = (typeof engines)[number];

/** The engine that runs a kind of command. */
export function engineOf(kind: CommandKind): Engine | undefined {
  if (kind === "end") return undefined;
  if (kind === "compute") return "compute";
  return kind === "storeFeatures" ? "store" : "load";
}

/** Whether completed counts meet a command's waits: each is compared modulo 2^16, signed. */
export function waitsMet(
  command: { readonly waitLoad: number; readonly waitCompute: number; readonly waitStore: number },
  completed: Readonly<Record<Engine, number>>,
): boolean {
  const reached = (count: number, wait: number): boolean => ((count - wait) & 0x8000) === 0;
  const { load, compute, store } = completed;
  return reached(load, command.waitLoad) && reached(compute, command.waitCompute) && reached(store, command.waitStore);
}
