import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { documents } from "./documents.ts";
import { fillSections, sections } from "./sections.ts";

it.each(documents())("%s says what the code says; to refresh it: npx tsx cli/docs/write.ts", (path) => {
  const text = readFileSync(path, "utf8");
  expect(text).toBe(fillSections(text));
});

it("every section is in a document", () => {
  const texts = documents().map((path) => readFileSync(path, "utf8"));
  for (const name of Object.keys(sections))
    expect(
      texts.some((text) => text.includes(`<!-- ${name} -->`) && text.includes(`<!-- /${name} -->`)),
      name,
    ).toBe(true);
});

it("fills a section and leaves the rest", () => {
  const filled = fillSections("a\n<!-- exit-codes -->\nstale\n<!-- /exit-codes -->\nb\n");
  expect(filled).toMatch(/^a\n<!-- exit-codes -->\n\| exit code[\s\S]*\n<!-- \/exit-codes -->\nb\n$/);
  expect(filled).not.toContain("stale");
  expect(fillSections(filled)).toBe(filled);
});
