import type { Problem } from "../../models/errors.ts";
import { parseTemplate, type SectionToken, type Token } from "./tokens.ts";
import { isList, isText, isView, type View, type ViewText, type ViewValue, viewPaths } from "./view.ts";

/** Templates by name, partials among them. */
export type Templates = Readonly<Record<string, string>>;

/** One level of the context in which tags are looked up; `path` prefixes the view paths of its fields. */
interface Scope {
  readonly item: View | ViewText;
  readonly path: string;
}

interface Found {
  readonly value: ViewValue;
  readonly path: string;
}

/** Walks a template's tokens together with its view before Mustache does, as Mustache prints nothing for what it lacks. */
class Checker {
  readonly used = new Set<string>();
  readonly #problems = new Map<string, Problem>();
  readonly #templates: Templates;

  constructor(templates: Templates) {
    this.#templates = templates;
  }

  get problems(): Problem[] {
    return [...this.#problems.values()];
  }

  report(code: string, path: string, message: string): void {
    this.#problems.set(`${code} ${path} ${message}`, { code: `template/${code}`, path, message });
  }

  template(name: string, scopes: readonly Scope[], open: readonly string[]): void {
    const where = open.at(-1) ?? name;
    if (!Object.hasOwn(this.#templates, name)) {
      this.report("missing-partial", where, `no template ${name}`);
    } else if (open.includes(name)) {
      this.report("recursive-partial", name, `includes itself: ${[...open, name].join(" > ")}`);
    } else {
      this.#walk(this.#parse(name), scopes, [...open, name]);
    }
  }

  #parse(name: string): readonly Token[] {
    try {
      return parseTemplate(this.#templates[name]);
    } catch (error) {
      this.report("syntax", name, (error as Error).message);
      return [];
    }
  }

  #walk(tokens: readonly Token[], scopes: readonly Scope[], open: readonly string[]): void {
    const where = open.at(-1) ?? "";
    for (const token of tokens) {
      if (token.kind === "text") continue;
      if (token.kind === "forbidden") this.report("forbidden-tag", where, `${token.name}: ${token.why}`);
      else if (token.kind === "partial") this.template(token.name, scopes, open);
      else if (token.kind === "value") this.#value(token.name, scopes, where);
      else this.#section(token, scopes, open);
    }
  }

  #value(name: string, scopes: readonly Scope[], where: string): void {
    const found = this.#lookUp(name, scopes, where);
    if (found !== undefined && !isText(found.value)) {
      this.report("not-text", where, `${name} is ${kindOf(found.value)}; only text and finite numbers can be printed`);
    }
  }

  #section(token: SectionToken, scopes: readonly Scope[], open: readonly string[]): void {
    const { name, kind, body } = token;
    const where = open.at(-1) ?? "";
    const found = this.#lookUp(name, scopes, where);
    if (found === undefined) return;
    const { value, path } = found;
    if (typeof value === "boolean") {
      // A body that this view does not print is checked all the same, so that a mistake cannot hide in it.
      this.#walk(body, scopes, open);
    } else if (kind === "inverted") {
      this.report("bad-section", where, `^${name} needs a boolean, not ${kindOf(value)}`);
    } else if (isView(value)) {
      this.#walk(body, [...scopes, { item: value, path: `${path}.` }], open);
    } else if (!isList(value)) {
      this.report("bad-section", where, `#${name} is ${kindOf(value)}, whose truth Mustache decides (0 is false)`);
    } else {
      if (value.length === 0) this.report("empty-list", where, `#${name} is empty: its body cannot be checked`);
      for (const item of value) this.#walk(body, [...scopes, { item, path: `${path}[].` }], open);
    }
  }

  /** The innermost field called `name`; own fields only, as Mustache would also find `constructor` or `length`. */
  #lookUp(name: string, scopes: readonly Scope[], where: string): Found | undefined {
    if (name === ".") {
      const scope = scopes.at(-1);
      if (scope !== undefined && isText(scope.item)) return { value: scope.item, path: scope.path };
      this.report("undeclared", where, ". is used outside of a list of texts");
      return undefined;
    }
    const [first, ...rest] = name.split(".");
    for (const { item, path } of [...scopes].reverse()) {
      if (typeof item !== "object" || !Object.hasOwn(item, first)) continue;
      return this.#descend({ value: item[first], path: `${path}${first}` }, rest, name, where);
    }
    this.report("undeclared", where, `${name} is not in the view`);
    return undefined;
  }

  #descend(start: Found, keys: readonly string[], name: string, where: string): Found | undefined {
    let found = start;
    this.used.add(found.path);
    for (const key of keys) {
      const { value, path } = found;
      if (!isView(value) || !Object.hasOwn(value, key)) {
        this.report("undeclared", where, `${name}: there is no ${key} in ${path}`);
        return undefined;
      }
      found = { value: value[key], path: `${path}.${key}` };
      this.used.add(found.path);
    }
    return found;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null || typeof value === "boolean") return `${value}`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "number" ? `the number ${value}` : `a ${typeof value}`;
}

/** Fields that only some items of a list have: Mustache would print an outer field of that name, or nothing. */
function unevenLists(view: View, report: Checker["report"], prefix = ""): void {
  for (const [key, value] of Object.entries(view)) {
    const path = `${prefix}${key}`;
    if (isView(value)) unevenLists(value, report, `${path}.`);
    if (!isList(value)) continue;
    const shapes = new Set(value.map((item) => (isView(item) ? Object.keys(item).sort().join() : "text")));
    if (shapes.size > 1) report("uneven-list", path, "the items of a list must have the same fields");
    for (const item of value) if (isView(item)) unevenLists(item, report, `${path}[].`);
  }
}

/** All problems of rendering `name` with `view`: syntax, tags without data, data without tags, missing partials. */
export function templateProblems(templates: Templates, name: string, view: View): Problem[] {
  const checker = new Checker(templates);
  const report = checker.report.bind(checker);
  unevenLists(view, report);
  checker.template(name, [{ item: view, path: "" }], []);
  for (const path of viewPaths(view)) {
    if (!checker.used.has(path)) report("unused", name, `${path} is in the view, but no tag uses it`);
  }
  return checker.problems;
}
