import { createColors } from "picocolors";
import { ExitCode } from "../../models/errors.ts";
import { fuzzImporter } from "../../models/testing/fuzz.ts";
import type { Io } from "../io.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { makeProgress, stopBars } from "../progress.ts";
import { group } from "../report-text.ts";

/** `vargen validate --fuzz N`: damaged and hostile ONNX files through the importer. */
export function validateFuzz(
  { fuzz, seed, path, json }: { fuzz: number; seed: number; path: string | undefined; json: boolean },
  io: Io,
): ExitCode {
  const first = path === undefined ? 0 : Number(path);
  if (!(Number.isSafeInteger(first) && first >= 0))
    throw usageError([usageProblem("value", "--path", `'${path}' is no file's number`, "as a failure printed it")]);
  const count = path === undefined ? fuzz : 1;
  const bar = makeProgress(io, json).bar("files", count);
  const report = fuzzImporter(count, seed, bar, first);
  stopBars();
  const { failure, files, accepted, refused, slowest, memory } = report;
  const command = failure && `vargen validate --fuzz 1 --seed ${seed} --path ${failure.index}`;
  if (json) io.out(`${JSON.stringify({ ...report, ...(command === undefined ? {} : { command }) }, null, 2)}\n`);
  else if (failure !== undefined) {
    const { red } = createColors(io.colors);
    io.err(`${red("failure")}: ${failure.message}\n  seed  ${seed}, file ${failure.index}\n  again ${command}\n`);
  } else {
    const codes = Object.entries(refused).map(([code, times]) => `${code} x${times}`);
    io.out(
      `${group(files)} damaged and hostile files: ${group(files - accepted)} refused, ${accepted} read, none crashed; ` +
        `${slowest.toFixed(2)} s at most, ${Math.round(memory / 2 ** 20)} MB of memory in all\n  ${codes.join(", ")}\n`,
    );
  }
  return failure === undefined ? ExitCode.ok : ExitCode.mismatch;
}
