import type { CommandSpec } from "../command.ts";
import { analyzeCommand } from "./analyze.ts";
import { benchCommand } from "./bench.ts";
import { classifyCommand } from "./classify.ts";
import { compareCommand } from "./compare.ts";
import { demoCommand } from "./demo.ts";
import { exploreCommand } from "./explore.ts";
import { exportCommand } from "./export.ts";
import { generateCommand } from "./generate.ts";
import { importCommand } from "./import.ts";
import { lintCommand } from "./lint.ts";
import { presetsCommand } from "./presets.ts";
import { quantizeCommand } from "./quantize.ts";
import { reportCommand } from "./report.ts";
import { simulateCommand } from "./simulate.ts";
import { tablesCommand } from "./tables.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order of the help text. */
export const commands: readonly CommandSpec[] = [
  demoCommand,
  presetsCommand,
  generateCommand,
  lintCommand,
  simulateCommand,
  validateCommand,
  tablesCommand,
  analyzeCommand,
  compareCommand,
  benchCommand,
  reportCommand,
  exploreCommand,
  importCommand,
  quantizeCommand,
  classifyCommand,
  exportCommand,
];
