import { expect, it } from "vitest";
import { buildModule } from "../module-bench.ts";

it.each([
  ["vg_fifo", { DEPTH: 0 }, "vg_fifo_needs_width_and_depth_of_1_or_more"],
  ["vg_axi_split", { AXI_BITS: 96 }, "vg_axi_bits_must_be_64_128_256_or_512"],
  ["vg_axi_split", { BURST: 12 }, "vg_axi_burst_must_be_a_power_of_two_of_at_most_4096_bytes"],
  ["vg_axi_split", { AXI_BITS: 512, BURST: 128 }, "vg_axi_burst_must_be_a_power_of_two_of_at_most_4096_bytes"],
  ["vg_line_walker", { P: 4 }, "vg_p_must_be_odd_and_1_to_15"],
  ["vg_line_walker", { P: 3, W: 4 }, "vg_words_per_beat_must_be_a_power_of_two_and_1_to_p"],
  ["vg_line_walker", { DEPTH: 65537 }, "vg_feature_depth_must_be_1_to_65536"],
  ["vg_load", { G: 16, AXI_BITS: 64 }, "vg_axi_bits_must_be_a_multiple_of_8_g"],
  ["vg_load", { M: 1 }, "vg_a_weight_word_must_be_1_to_256_whole_beats"],
  ["vg_load", { R: 1, AXI_BITS: 256 }, "vg_a_parameter_word_must_be_1_to_256_whole_beats"],
  ["vg_load", { WEIGHT_DEPTH: 65537 }, "vg_memories_must_not_be_deeper_than_65536"],
  ["vg_core", { G: 12 }, "vg_g_must_be_4_8_or_16"],
  ["vg_core", { M: 12 }, "vg_m_must_be_a_power_of_two_and_1_to_32"],
  ["vg_core", { R: 3 }, "vg_r_must_divide_m"],
  ["vg_core", { M: 16, R: 16 }, "vg_r_must_be_at_most_g_and_m_at_most_4_g_when_r_is_g"],
] as const)("%s refuses %o at elaboration, naming the rule", async (name, parameters, rule) => {
  await expect(buildModule(name, parameters)).rejects.toThrow(rule);
});
