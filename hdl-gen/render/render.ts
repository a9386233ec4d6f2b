import Mustache from "mustache";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { type Templates, templateProblems } from "./check.ts";
import { TAGS } from "./tokens.ts";
import type { View } from "./view.ts";

/**
 * Renders the template called `name` strictly: every tag finds its data, every datum has its tag, partials exist, and
 * nothing is escaped.
 * @throws VargenError with every problem of the template at once (these are defects of vargen, not of its input).
 */
export function render(templates: Templates, name: string, view: View): string {
  const problems = templateProblems(templates, name, view);
  if (problems.length > 0) throw new VargenError(problems, ExitCode.internal);
  return Mustache.render(templates[name], view, { ...templates }, { tags: TAGS, escape: String });
}
