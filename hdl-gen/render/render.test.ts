import fc from "fast-check";
import { expect, test } from "vitest";
import { templateProblems } from "./check.ts";
import { render } from "./render.ts";
import type { View } from "./view.ts";

const one = (template: string, view: View): string => render({ t: template }, "t", view);
const codes = (template: string, view: View, partials: Record<string, string> = {}): string[] =>
  templateProblems({ ...partials, t: template }, "t", view).map(({ code }) => code.replace("template/", ""));

test("Verilog's braces, quotes and comparisons come through unchanged", () => {
  const verilog = "assign y = {{8{1'b0}}, x} & (a < b) | {{4{c}}}; // \"<>&'`=/\n";
  expect(one(verilog, {})).toBe(verilog);
  expect(one("<%v%>", { v: "{{8{1'b0}}, x} & a < b \"'`=/" })).toBe("{{8{1'b0}}, x} & a < b \"'`=/");
});

test("a misspelt tag is an error, also in a body that is not printed", () => {
  expect(codes("<%nmae%><%name%>", { name: "x" })).toEqual(["undeclared"]);
  expect(codes("<%#on%><%nmae%><%/on%>", { on: false })).toEqual(["undeclared"]);
  expect(codes("<%^on%><%nmae%><%/on%>", { on: true })).toEqual(["undeclared"]);
  expect(codes("<%#list%><%nmae%><%name%><%/list%>", { list: [{ name: "x" }] })).toEqual(["undeclared"]);
});

test("names that JavaScript objects inherit are undeclared", () => {
  for (const name of ["constructor", "toString", "__proto__", "a.length"]) {
    expect(codes(`<%${name}%><%a%>`, { a: "x" })).toEqual(["undeclared"]);
  }
});

test("zero prints as 0 and is never taken for a condition", () => {
  expect(one("<%n%>", { n: 0 })).toBe("0");
  expect(one("<%#list%><%.%>,<%/list%>", { list: [0, 1] })).toBe("0,1,");
  expect(codes("<%#n%>x<%/n%>", { n: 0 })).toEqual(["bad-section"]);
  expect(codes("<%^n%>x<%/n%>", { n: 0 })).toEqual(["bad-section"]);
  expect(codes("<%#n%>x<%/n%>", { n: "" })).toEqual(["bad-section"]);
});

test("a view field that no tag uses is an error", () => {
  expect(codes("<%a%>", { a: 1, b: 2 })).toEqual(["unused"]);
  expect(codes("<%#l%><%a%><%/l%>", { l: [{ a: 1, b: 2 }] })).toEqual(["unused"]);
});

test("missing, recursive and broken partials are errors", () => {
  expect(codes("<%> gone%>", {})).toEqual(["missing-partial"]);
  expect(codes("<%> a%>", {}, { a: "<%> t%>" })).toEqual(["recursive-partial"]);
  expect(codes("<%> a%>", {}, { a: "<%#x%>" })).toEqual(["syntax"]);
  expect(render({ t: "  <%> a%>\n", a: "<%x%>\n<%x%>\n" }, "t", { x: "y" })).toBe("  y\n  y\n");
});

test("only text and finite numbers are printed", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, true, ["a"], { b: 1 }]) {
    expect(codes("<%v%>", { v: value })).toContain("not-text");
  }
  const holes = { v: undefined } as unknown as View;
  expect(codes("<%v%>", holes)).toEqual(["not-text"]);
  expect(codes("<%v%>", { v: () => "x" } as unknown as View)).toEqual(["not-text"]);
});

test("a list item that lacks a field does not borrow the outer one", () => {
  const view = { name: "outer", list: [{ name: "a" }, {}] } as unknown as View;
  expect(codes("<%name%><%#list%><%name%><%/list%>", view)).toContain("uneven-list");
});

test("unescaped tags, changed tags, empty lists and unclosed tags are refused", () => {
  expect(codes("<%& a%>", { a: 1 })).toContain("forbidden-tag");
  expect(codes("<%{a}%>", { a: 1 })).toContain("forbidden-tag");
  expect(codes("<%={{ }}=%>", {})).toContain("forbidden-tag");
  expect(codes("<%#l%>x<%/l%>", { l: [] })).toEqual(["empty-list"]);
  expect(codes("<%a", { a: 1 })).toContain("syntax");
});

test("all problems come at once", () => {
  expect(() => one("<%x%><%y%>", { a: 1 })).toThrow(
    /x is not in the view[\s\S]*y is not in the view[\s\S]*a is in the view/,
  );
});

test("random texts and views: rendering equals plain concatenation", () => {
  const text = fc.string({ unit: fc.constantFrom(..."{}<>%&'\"`=/#^!. \nab0") }).filter((s) => !s.includes("<%"));
  const piece = fc.record({ before: text.map((s) => s.replace(/<$/, "")), value: fc.oneof(text, fc.integer()) });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
      // A letter before each tag keeps it from standing alone on its line, where Mustache's line rules would apply.
      const template = pieces.map(({ before }, i) => `${before}x<%v${i}%>`).join("");
      const view = Object.fromEntries(pieces.map(({ value }, i) => [`v${i}`, value]));
      expect(one(template, view)).toBe(pieces.map(({ before, value }) => `${before}x${value}`).join(""));
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("random misspellings of one tag are always caught", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(names, ([wrong, ...right]) => {
      const view = Object.fromEntries(right.map((name) => [name, 1]));
      const tags = right.map((name) => `<%${name}%>`).join(" ");
      expect(codes(tags, view)).toEqual([]);
      expect(codes(tags.replace(`<%${right[0]}%>`, `<%${wrong}%>`), view).sort()).toEqual(["undeclared", "unused"]);
    }),
    { seed: 5, numRuns: 200 },
  );
});
