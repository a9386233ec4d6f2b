import { Worker } from "node:worker_threads";

/** One run of clang++ on a virtual file tree. */
export interface ClangJob {
  /** Arguments after `clang++`. */
  readonly args: readonly string[];
  /** Files given by content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Files read from disk: name in the tree -> path. Default: none. */
  readonly diskFiles?: Readonly<Record<string, string>>;
  /** Folders read from disk: name in the tree -> path. Default: none. */
  readonly diskFolders?: Readonly<Record<string, string>>;
  /** Names of the files to hand back. */
  readonly outputs: readonly string[];
}

interface Reply {
  readonly id: number;
  readonly outputs?: Record<string, Uint8Array>;
  readonly error?: string;
}

interface Pending {
  readonly resolve: (outputs: Record<string, Uint8Array>) => void;
  readonly reject: (error: Error) => void;
}

/** A thread with its own clang; LLVM takes a second to load and gets faster as it warms up, so threads are reused. */
class ClangThread {
  readonly #worker = new Worker(new URL("./clang-worker.mjs", import.meta.url), { execArgv: [] });
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;

  constructor() {
    this.#worker.unref();
    this.#worker.on("message", (reply: Reply) => this.#settle(reply));
    this.#worker.on("error", (error) => this.#failAll(error));
  }

  get load(): number {
    return this.#pending.size;
  }

  run(job: ClangJob): Promise<Record<string, Uint8Array>> {
    this.#worker.ref();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, job: { diskFiles: {}, diskFolders: {}, ...job } });
    });
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (reply.outputs !== undefined) pending?.resolve(reply.outputs);
    else pending?.reject(new Error(`clang++ failed:\n${reply.error}`));
  }

  #failAll(error: Error): void {
    threads.splice(threads.indexOf(this), 1);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

const MAX_THREADS = 2;
const threads: ClangThread[] = [];

/**
 * Runs clang++ (WebAssembly, in a worker thread); up to two runs at once, more wait.
 * @returns the requested outputs by name
 * @throws Error with clang's messages: generated C++ that does not compile is a bug here, not bad input
 */
export function runClang(job: ClangJob): Promise<Record<string, Uint8Array>> {
  let thread = threads.reduce<ClangThread | undefined>(
    (best, candidate) => (best === undefined || candidate.load < best.load ? candidate : best),
    undefined,
  );
  if (thread === undefined || (thread.load > 0 && threads.length < MAX_THREADS)) {
    thread = new ClangThread();
    threads.push(thread);
  }
  return thread.run(job);
}
