import { main } from "../main.ts";

/** What a command line printed and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, without a terminal. */
export async function vargen(...argv: string[]): Promise<Outcome> {
  const text = { out: "", err: "" };
  const code = await main(argv, {
    out: (part) => {
      text.out += part;
    },
    err: (part) => {
      text.err += part;
    },
    interactive: false,
    colors: false,
  });
  return { code, ...text };
}

/** Codes of the problems in JSON output. */
export function problemCodes(outcome: Outcome): readonly string[] {
  const { problems }: { problems: readonly { code: string; path: string }[] } = JSON.parse(outcome.out);
  return problems.map(({ code, path }) => `${code} ${path}`);
}
