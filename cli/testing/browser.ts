import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser that tests use: $CHROMIUM, or one in the PATH; undefined where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    process.env.CHROMIUM ?? "",
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return path !== "";
    } catch {
      return false;
    }
  });
}

/** The document that a page's scripts have left, as a browser without a window sees it. @param dark as on a dark screen */
export async function browse(
  browser: string,
  file: string,
  { width, dark = false }: { readonly width: number; readonly dark?: boolean },
): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "vargen-browser-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
  if (dark) flags.push("--blink-settings=preferredColorScheme=0");
  flags.push(`--window-size=${width},900`, "--virtual-time-budget=3000", "--dump-dom", `file://${file}`);
  try {
    const { stdout } = await promisify(execFile)(browser, flags, { maxBuffer: 2 ** 26, timeout: 90_000 });
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
