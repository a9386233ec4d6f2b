import { join } from "node:path";
import { repositoryRoot } from "../../hdl-gen/index.ts";

/** Paths of the documents with generated sections. */
export function documents(): readonly string[] {
  return ["README.md", "cli/README.md", "docs/NETWORKS.md", "host/explore/README.md"].map((path) =>
    join(repositoryRoot(), path),
  );
}
