import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Templates } from "../render/check.ts";

const folder = new URL("../templates/", import.meta.url);
const SUFFIX = ".mustache";

/** All templates of hdl-gen/templates by name, without the suffix. */
export function readTemplates(): Templates {
  const files = readdirSync(fileURLToPath(folder)).filter((file) => file.endsWith(SUFFIX));
  const entries = files.map((file) => [file.slice(0, -SUFFIX.length), readFileSync(new URL(file, folder), "utf8")]);
  return Object.fromEntries(entries);
}
