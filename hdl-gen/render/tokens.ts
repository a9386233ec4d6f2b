import Mustache from "mustache";

/** Tags of our templates: `{{8{1'b0}}, x}` is ordinary Verilog, and Mustache's own tags would swallow part of it. */
export const TAGS: [string, string] = ["<%", "%>"];

/** `<%#name%>` or `<%^name%>` up to its `<%/name%>`. */
export interface SectionToken {
  readonly kind: "section" | "inverted";
  readonly name: string;
  readonly body: readonly Token[];
}

/** One piece of a parsed template. */
export type Token =
  | { readonly kind: "text" }
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "partial"; readonly name: string }
  | SectionToken
  | { readonly kind: "forbidden"; readonly name: string; readonly why: string };

type RawToken = readonly [type: string, value: string, start: number, end: number, body?: unknown, ...rest: unknown[]];

const forbidden: Readonly<Record<string, string>> = {
  "&": "unescaped tags are pointless here: nothing is escaped",
  "=": "tags must not be changed inside a template",
};

function toToken([type, name, , , body]: RawToken): Token[] {
  switch (type) {
    case "text":
      return [{ kind: "text" }];
    case "name":
      return [{ kind: "value", name }];
    case ">":
      return [{ kind: "partial", name }];
    case "#":
    case "^":
      return [{ kind: type === "#" ? "section" : "inverted", name, body: toTokens(body as RawToken[]) }];
    case "!":
      return [];
    default:
      return [{ kind: "forbidden", name, why: forbidden[type] ?? `tag type ${type} is unknown` }];
  }
}

function toTokens(raw: readonly RawToken[]): Token[] {
  return raw.flatMap(toToken);
}

/**
 * Parses a template.
 * @throws Error (from Mustache) for an unclosed tag or section.
 */
export function parseTemplate(template: string): readonly Token[] {
  return toTokens(Mustache.parse(template, TAGS) as unknown as RawToken[]);
}
