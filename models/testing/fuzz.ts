import fc from "fast-check";
import { importNetwork, readFloatNetwork } from "../onnx/index.ts";
import { Random } from "../random/random.ts";
import { conventions } from "./convention-cases.ts";
import { buildGraph } from "./graphs/build-graph.ts";
import { graphCases } from "./graphs/graph-case.ts";
import { mutated } from "./mutate.ts";
import { problemsOf } from "./problems.ts";

/** What became of damaged and hostile files. */
export interface FuzzReport {
  readonly files: number;
  /** Files that are read all the same. */
  readonly accepted: number;
  /** Files refused, by the first problem's code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Longest time that a file took, in seconds of processor time. */
  readonly slowest: number;
  /** Largest memory of the process, in bytes. */
  readonly memory: number;
  /** The first file that crashed the importer or took too long. */
  readonly failure: FuzzFailure | undefined;
}

/** A file on which the importer failed. */
export interface FuzzFailure {
  /** How many files came before. */
  readonly index: number;
  readonly message: string;
}

/** Seconds of processor time that any file may take. */
const maxSeconds = 5;

/** Different sound files that damaged ones come from. */
const sources = 40;

/**
 * Reads damaged and hostile variants of random graphs of every operator and of other tools' files: each must give a
 * network or problems, soon.
 *
 * @param first how many files of the seed's to skip, to replay one
 */
export function fuzzImporter(
  files: number,
  seed: number,
  onFile: (done: number) => void = () => {},
  first = 0,
): FuzzReport {
  const graphs = fc.sample(graphCases(), { seed, numRuns: sources }).map((parameters) => buildGraph(parameters).bytes);
  const sound = [...graphs, ...conventions.map(([, write]) => write().bytes)];
  const refused = new Map<string, number>();
  let [accepted, slowest, done] = [0, 0, 0];
  let failure: FuzzFailure | undefined;
  for (let index = first; index < first + files && failure === undefined; index++) {
    const random = new Random(seed * 1_000_003 + index);
    const bytes = mutated(sound[random.integer(0, sound.length - 1)], random);
    const started = process.cpuUsage();
    try {
      const code = problemOf(bytes);
      if (code === undefined) accepted++;
      else refused.set(code, (refused.get(code) ?? 0) + 1);
    } catch (error) {
      failure = { index, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const seconds = process.cpuUsage(started).user / 1e6;
    slowest = Math.max(slowest, seconds);
    if (seconds > maxSeconds) failure ??= { index, message: `it took ${seconds.toFixed(1)} s` };
    onFile(++done);
  }
  const memory = process.resourceUsage().maxRSS * 1024;
  const codes = Object.fromEntries([...refused].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: done, accepted, refused: codes, slowest, memory, failure };
}

/** The code of a file's first problem, undefined where it is read; the float reader must not fail on it either. */
function problemOf(bytes: Uint8Array): string | undefined {
  const [, problems] = [readFloatNetwork, importNetwork].map((read) => problemsOf(() => read(bytes, "net.onnx")));
  return problems.length === 0 ? undefined : problems[0].code;
}
