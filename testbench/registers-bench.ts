import { expect } from "vitest";
import type { CompiledModel, Model } from "./engine/index.ts";

/** Delays of one transfer, in cycles. */
export interface Timing {
  readonly address: number;
  readonly data: number;
  readonly response: number;
}

/** Plays bus and core around the register block; every cycle passes through `cycle`, which watches the pulses. */
export class RegisterBench {
  readonly dut: Model;
  starts = 0;
  aborts = 0;

  constructor(compiled: CompiledModel, seed: number) {
    this.dut = compiled.instantiate({ seed });
    for (const name of ["awvalid", "wvalid", "bready", "arvalid", "rready"]) this.set(`s_axil_${name}_i`, 0);
    for (const name of ["busy_i", "done_i", "error_i", "rst_ni"]) this.set(name, 0);
    this.cycle();
    this.cycle();
    this.set("rst_ni", 1);
    // Before the reset's first edge, start_o may have been anything.
    this.set("busy_i", 0);
    this.starts = 0;
    this.aborts = 0;
  }

  set(port: string, value: number): void {
    this.dut.port(port).set(value);
  }

  get(port: string): number {
    this.dut.eval();
    return this.dut.port(port).get();
  }

  /** One clock edge. A run becomes busy in the cycle after start_o, as the register block asks of the core. */
  cycle(): void {
    const start = this.get("start_o");
    this.starts += start;
    this.aborts += this.get("abort_o");
    this.dut.tick();
    if (start === 1) this.set("busy_i", 1);
  }

  /** Drives both halves of a write, each with its own delay; returns the response. */
  write(address: number, data: number, strobe: number, timing: Timing): number {
    let [addressTaken, dataTaken, answered] = [false, false, -1];
    let bresp = 0;
    for (let t = 0; t < 40; t++) {
      const aw = !addressTaken && t >= timing.address;
      const w = !dataTaken && t >= timing.data;
      this.set("s_axil_awvalid_i", Number(aw));
      this.set("s_axil_awaddr_i", aw ? address : 0xfff);
      this.set("s_axil_wvalid_i", Number(w));
      this.set("s_axil_wdata_i", w ? data : 0xffffffff);
      this.set("s_axil_wstrb_i", w ? strobe : 0xf);
      const valid = this.get("s_axil_bvalid_o");
      if (valid === 1) {
        expect(addressTaken && dataTaken, "no response before address and data").toBe(true);
        if (answered < 0) [answered, bresp] = [t, this.get("s_axil_bresp_o")];
        expect(this.get("s_axil_bresp_o"), "the response holds").toBe(bresp);
      } else expect(answered, "the response is not withdrawn").toBe(-1);
      const ready = answered >= 0 && t >= answered + timing.response;
      this.set("s_axil_bready_i", Number(ready));
      if (aw && this.get("s_axil_awready_o") === 1) addressTaken = true;
      if (w && this.get("s_axil_wready_o") === 1) dataTaken = true;
      this.cycle();
      if (ready) {
        this.set("s_axil_bready_i", 0);
        return bresp;
      }
    }
    throw new Error("the write got no response");
  }

  read(address: number, timing: Timing): { readonly data: number; readonly response: number } {
    for (let t = 0; t < timing.address; t++) this.cycle();
    this.set("s_axil_araddr_i", address);
    this.set("s_axil_arvalid_i", 1);
    for (let t = 0; this.get("s_axil_arready_o") === 0; t++) {
      expect(t).toBeLessThan(20);
      this.cycle();
    }
    this.cycle();
    this.set("s_axil_arvalid_i", 0);
    this.set("s_axil_araddr_i", 0xfff);
    for (let t = 0; this.get("s_axil_rvalid_o") === 0; t++) {
      expect(t).toBeLessThan(20);
      this.cycle();
    }
    const answer = { data: this.get("s_axil_rdata_o"), response: this.get("s_axil_rresp_o") };
    for (let t = 0; t < timing.response; t++) {
      this.cycle();
      expect(this.get("s_axil_rvalid_o")).toBe(1);
      expect({ data: this.get("s_axil_rdata_o"), response: this.get("s_axil_rresp_o") }).toEqual(answer);
    }
    this.set("s_axil_rready_i", 1);
    this.cycle();
    this.set("s_axil_rready_i", 0);
    return answer;
  }

  /** Ends a run as the core does: idle, with a pulse in the first idle cycle. */
  finish(error?: { readonly code: number; readonly command: number; readonly info: number }): void {
    this.set("busy_i", 0);
    this.set(error === undefined ? "done_i" : "error_i", 1);
    this.set("error_code_i", error?.code ?? 0xff);
    this.set("error_command_i", error?.command ?? 0xffffffff);
    this.set("error_info_i", error?.info ?? 0xffffffff);
    this.cycle();
    this.set("done_i", 0);
    this.set("error_i", 0);
  }
}
