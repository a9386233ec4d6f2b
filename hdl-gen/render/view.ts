/** What a tag prints: text or a finite number. */
export type ViewText = string | number;

/** A value of a view: text, a condition, a nested view, or a list of views or texts for a section to repeat over. */
export type ViewValue = ViewText | boolean | View | readonly View[] | readonly ViewText[];

/** The data of a template; every leaf must be used by it and every tag must find one. */
export interface View {
  readonly [key: string]: ViewValue;
}

/** Whether a value is a list. */
export function isList(value: ViewValue): value is readonly View[] | readonly ViewText[] {
  return Array.isArray(value);
}

/** Whether a value is a nested view. */
export function isView(value: ViewValue): value is View {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value can be printed. */
export function isText(value: unknown): value is ViewText {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

/** Paths of everything in a view, e.g. `registers`, `registers[].name`; lists must be alike throughout. */
export function viewPaths(view: View, prefix = ""): Set<string> {
  const paths = new Set<string>();
  for (const [key, value] of Object.entries(view)) {
    const path = `${prefix}${key}`;
    paths.add(path);
    const nested = isList(value) ? value.filter(isView).map((item) => viewPaths(item, `${path}[].`)) : [];
    if (isView(value)) nested.push(viewPaths(value, `${path}.`));
    for (const found of nested) for (const inner of found) paths.add(inner);
  }
  return paths;
}
