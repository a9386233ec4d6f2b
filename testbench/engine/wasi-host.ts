/** Thrown when the model ends the program: `$finish`, `$stop`, or a fatal error of Verilator's runtime. */
export class ModelExit extends Error {
  readonly code: number;

  constructor(code: number, output: string) {
    super(`the model exited with code ${code}${output === "" ? "" : `; it printed:\n${output}`}`);
    this.name = "ModelExit";
    this.code = code;
  }
}

const BAD_DESCRIPTOR = 8;

/**
 * The part of WASI preview 1 that a Verilated model calls: printing and exit. `node:wasi` would serve as well, but it
 * prints a warning, and sends `$display` to the terminal where a test wants it as data.
 */
export class WasiHost {
  #memory: WebAssembly.Memory | undefined;
  #output = "";
  readonly #decoder = new TextDecoder();

  /** To be called once, after instantiation. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** Everything printed so far (`$display`, `$write`, runtime messages). */
  get output(): string {
    return this.#output;
  }

  /** Imports named as in `wasi_snapshot_preview1`. */
  imports(): Record<string, (...args: number[]) => number> {
    return {
      environ_get: () => 0,
      environ_sizes_get: (count, size) => {
        this.#view().setUint32(count, 0, true);
        this.#view().setUint32(size, 0, true);
        return 0;
      },
      clock_time_get: () => BAD_DESCRIPTOR,
      fd_close: () => 0,
      fd_seek: () => BAD_DESCRIPTOR,
      fd_fdstat_get: (descriptor, stat) => this.#describe(descriptor, stat),
      fd_fdstat_set_flags: () => BAD_DESCRIPTOR,
      fd_prestat_get: () => BAD_DESCRIPTOR,
      fd_prestat_dir_name: () => BAD_DESCRIPTOR,
      fd_read: () => BAD_DESCRIPTOR,
      fd_write: (_descriptor, vectors, count, written) => this.#write(vectors, count, written),
      path_open: () => BAD_DESCRIPTOR,
      proc_exit: (code) => {
        throw new ModelExit(code, this.#output);
      },
    };
  }

  /** Standard output and error are character devices, everything else is closed. */
  #describe(descriptor: number, stat: number): number {
    if (descriptor > 2) return BAD_DESCRIPTOR;
    new Uint8Array(this.#view().buffer, stat, 24).fill(0);
    this.#view().setUint8(stat, 2);
    return 0;
  }

  #write(vectors: number, count: number, written: number): number {
    const view = this.#view();
    let total = 0;
    for (let index = 0; index < count; index++) {
      const start = view.getUint32(vectors + 8 * index, true);
      const length = view.getUint32(vectors + 8 * index + 4, true);
      this.#output += this.#decoder.decode(new Uint8Array(view.buffer, start, length), { stream: true });
      total += length;
    }
    view.setUint32(written, total, true);
    return 0;
  }

  #view(): DataView {
    if (this.#memory === undefined) throw new Error("WASI called before attach()");
    return new DataView(this.#memory.buffer);
  }
}
