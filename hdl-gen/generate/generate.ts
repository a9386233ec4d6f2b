import { configKeys, type HwConfig } from "../config/schema.ts";
import type { Templates } from "../render/check.ts";
import { render } from "../render/render.ts";
import type { View } from "../render/view.ts";
import { bannerView } from "../views/banner.ts";
import { documentView } from "../views/document.ts";
import { registerBlockView } from "../views/register-block.ts";
import { constantsView, headerView } from "../views/software.ts";
import { topModule, topView } from "../views/top.ts";
import { type LibraryModule, readLibrary, requiredModules } from "./library.ts";
import { readTemplates } from "./templates.ts";

/** A file of generator output. */
export interface GeneratedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What generation reads besides the configuration; the defaults make the output that the repository holds in rtl/gen. */
export interface GenerateOptions {
  readonly templates?: Templates;
  readonly library?: readonly LibraryModule[];
  /** Folder of the hand-written modules as seen from the output folder; default `../../lib`. */
  readonly libraryPath?: string;
  /** Output folder that the banners name; default `rtl/gen/<name>`. */
  readonly folder?: string;
}

const REGISTER_BLOCK = "vargen_registers.v";

/**
 * Everything that follows from one configuration: top level, register block, constants, file list, C header, register
 * documentation and the configuration itself. Pure: it writes nothing, and equal input gives equal bytes.
 * @throws VargenError when rtl/lib lacks a module or a template is wrong.
 */
export function generate(config: HwConfig, options: GenerateOptions = {}): readonly GeneratedFile[] {
  const { templates = readTemplates(), library = readLibrary(), libraryPath = "../../lib", folder } = options;
  const top = topModule(config);
  const libraryFiles = requiredModules(library, "vg_core").map(({ name }) => `${libraryPath}/${name}.v`);
  const files = [...libraryFiles, REGISTER_BLOCK, `${top}.v`];
  const banner = bannerView(config, folder);
  const file = (path: string, template: string, view: View): GeneratedFile => ({
    path,
    text: render(templates, template, { ...banner, ...view }),
  });
  const ordered = Object.fromEntries(configKeys.map((key) => [key, config[key]]));
  return [
    file(`${top}.v`, "top.v", topView(config)),
    file(REGISTER_BLOCK, "registers.v", registerBlockView()),
    file(`${top}_constants.vh`, "constants.vh", constantsView(config)),
    file(`${top}.f`, "files.f", { files }),
    file(`${top}.h`, "header.h", headerView(config)),
    file(`${top}.md`, "registers.md", documentView(config)),
    { path: `${top}.json`, text: `${JSON.stringify(ordered, null, 2)}\n` },
  ];
}

/**
 * As `generate`, with the hand-written modules among the files (in `lib/`), so that the folder can be taken anywhere.
 */
export function generateStandalone(config: HwConfig): readonly GeneratedFile[] {
  const library = readLibrary();
  const modules = requiredModules(library, "vg_core").map(({ name, text }) => ({ path: `lib/${name}.v`, text }));
  return [...generate(config, { library, libraryPath: "lib", folder: "DIR" }), ...modules];
}
