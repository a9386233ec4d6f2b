// The accelerator without its registers: command fetch and dispatch, the three engines, the bus masters, the life of a run
// and the counters. Codes, counters and commands: docs/HARDWARE.md and the register map.
module vg_core #(
  parameter G = 8,                  // lanes (group width): 4, 8, 16
  parameter M = 8,                  // output channels: 1, 2, 4, 8, 16, 32
  parameter P = 7,                  // pixel lanes, odd, 1..15
  parameter R = 2,                  // channels drained per cycle, divides M
  parameter AXI_BITS = 128,         // bus width: 64, 128, 256, 512; at most P*G*8, M*G*8 and R*128
  parameter FEATURE_DEPTH = 4096,   // words of G bytes per bank, <= 65536
  parameter WEIGHT_DEPTH = 4096,    // words of M*G bytes, <= 65536
  parameter PARAMETER_DEPTH = 512,  // words of R x 128 bits, <= 65536
  parameter QUEUE_DEPTH = 8,        // commands waiting per engine, and DMA commands in flight, >= 1
  parameter READ_BURST = 16,        // longest read burst in beats, power of two, at most 4096 bytes
  parameter READ_OUTSTANDING = 16,  // read bursts in flight, >= 1
  parameter WRITE_BURST = 16        // longest write burst in beats, power of two, at most 4096 bytes
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  // Control; the settings must hold from start_i to done_o or error_o.
  input  wire                  start_i,            // pulse; ignored while busy
  input  wire                  abort_i,            // pulse
  input  wire [31:0]           command_address_i,  // byte offset into the window, 64-byte aligned
  input  wire [31:0]           command_count_i,
  input  wire [39:0]           memory_base_i,      // 4 KB aligned
  input  wire [31:0]           memory_size_i,      // bytes
  input  wire [31:0]           bus_timeout_i,      // cycles, 0: wait for ever
  output wire                  busy_o,
  output wire                  done_o,             // pulse
  output wire                  error_o,            // pulse; what it was stays readable until the next start
  output wire [7:0]            error_code_o,
  output wire [31:0]           error_command_o,
  output wire [31:0]           error_info_o,
  // Counters of the run; busy + no_command + the four waits = cycles.
  output wire [31:0]           cnt_cycles_o,
  output wire [31:0]           cnt_busy_o,
  output wire [31:0]           cnt_no_command_o,
  output wire [31:0]           cnt_wait_load_o,
  output wire [31:0]           cnt_wait_compute_o,
  output wire [31:0]           cnt_wait_store_o,
  output wire [31:0]           cnt_wait_drain_o,
  output wire [31:0]           cnt_read_beats_o,
  output wire [31:0]           cnt_write_beats_o,
  output wire [31:0]           cnt_commands_o,
  output wire [31:0]           cnt_wait_weights_o,   // of wait_load, as wait_features; the rest: nothing asked for yet
  output wire [31:0]           cnt_wait_features_o,
  // AXI4 master
  output wire [39:0]           m_axi_araddr_o,
  output wire [7:0]            m_axi_arlen_o,
  output wire [2:0]            m_axi_arsize_o,
  output wire [1:0]            m_axi_arburst_o,
  output wire                  m_axi_arvalid_o,
  input  wire                  m_axi_arready_i,
  input  wire [AXI_BITS-1:0]   m_axi_rdata_i,
  input  wire [1:0]            m_axi_rresp_i,
  input  wire                  m_axi_rlast_i,
  input  wire                  m_axi_rvalid_i,
  output wire                  m_axi_rready_o,
  output wire [39:0]           m_axi_awaddr_o,
  output wire [7:0]            m_axi_awlen_o,
  output wire [2:0]            m_axi_awsize_o,
  output wire [1:0]            m_axi_awburst_o,
  output wire                  m_axi_awvalid_o,
  input  wire                  m_axi_awready_i,
  output wire [AXI_BITS-1:0]   m_axi_wdata_o,
  output wire [AXI_BITS/8-1:0] m_axi_wstrb_o,
  output wire                  m_axi_wlast_o,
  output wire                  m_axi_wvalid_o,
  input  wire                  m_axi_wready_i,
  input  wire [1:0]            m_axi_bresp_i,
  input  wire                  m_axi_bvalid_i,
  output wire                  m_axi_bready_o,
  // Events, a pulse a bit: 0 load done, 1 compute done, 2 store done, 3 compute issue, 4 done, 5 error, 6 halted (level),
  // 7 command dispatched, 15:8 vg_compute's.
  output wire [15:0]           trace_o
);
  generate
    if (G != 4 && G != 8 && G != 16) begin : g_refuse_g
      vg_g_must_be_4_8_or_16 u_refused ();
    end
    if (M < 1 || M > 32 || (M & (M - 1)) != 0) begin : g_refuse_m
      vg_m_must_be_a_power_of_two_and_1_to_32 u_refused ();
    end
    if (R < 1 || R > M || M != R * (M / (R < 1 ? 1 : R))) begin : g_refuse_r
      vg_r_must_divide_m u_refused ();
    end
    if (R > G || (R == G && M > 4 * G)) begin : g_refuse_drain
      vg_r_must_be_at_most_g_and_m_at_most_4_g_when_r_is_g u_refused ();
    end
  endgenerate

  wire clear, halt;

  // Completed commands.
  reg [15:0] done_load_q, done_compute_q, done_store_q;
  wire load_done, compute_done, store_done;
  always @(posedge clk_i) begin
    if (!rst_ni || clear) begin
      done_load_q <= 16'd0;
      done_compute_q <= 16'd0;
      done_store_q <= 16'd0;
    end else begin
      done_load_q <= done_load_q + {15'd0, load_done};
      done_compute_q <= done_compute_q + {15'd0, compute_done};
      done_store_q <= done_store_q + {15'd0, store_done};
    end
  end

  // Bus masters, and the watch over them.
  wire fetch_req_valid, fetch_req_ready, fetch_req_error, load_req_valid, load_req_ready, load_req_error;
  wire [31:0] fetch_req_offset, fetch_req_beats, load_req_offset, load_req_beats;
  wire fetch_beat_valid, fetch_beat_ready, load_beat_valid, load_beat_ready, beat_error, read_idle;
  wire [AXI_BITS-1:0] beat_data;
  wire [1:0] beat_resp;
  vg_axi_read #(.AXI_BITS(AXI_BITS), .READ_BURST(READ_BURST), .READ_OUTSTANDING(READ_OUTSTANDING)) u_read (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt), .idle_o(read_idle),
    .memory_base_i(memory_base_i), .memory_size_i(memory_size_i),
    .fetch_req_valid_i(fetch_req_valid), .fetch_req_ready_o(fetch_req_ready), .fetch_req_error_o(fetch_req_error),
    .fetch_req_offset_i(fetch_req_offset), .fetch_req_beats_i(fetch_req_beats),
    .load_req_valid_i(load_req_valid), .load_req_ready_o(load_req_ready), .load_req_error_o(load_req_error),
    .load_req_offset_i(load_req_offset), .load_req_beats_i(load_req_beats),
    .fetch_valid_o(fetch_beat_valid), .fetch_ready_i(fetch_beat_ready),
    .load_valid_o(load_beat_valid), .load_ready_i(load_beat_ready),
    .data_o(beat_data), .data_error_o(beat_error), .data_resp_o(beat_resp),
    .m_axi_araddr_o(m_axi_araddr_o), .m_axi_arlen_o(m_axi_arlen_o), .m_axi_arsize_o(m_axi_arsize_o),
    .m_axi_arburst_o(m_axi_arburst_o), .m_axi_arvalid_o(m_axi_arvalid_o), .m_axi_arready_i(m_axi_arready_i),
    .m_axi_rdata_i(m_axi_rdata_i), .m_axi_rresp_i(m_axi_rresp_i), .m_axi_rlast_i(m_axi_rlast_i),
    .m_axi_rvalid_i(m_axi_rvalid_i), .m_axi_rready_o(m_axi_rready_o)
  );
  wire store_req_valid, store_req_ready, store_req_error, store_beat_valid, store_beat_ready;
  wire [31:0] store_req_offset, store_req_beats;
  wire [AXI_BITS-1:0] store_data;
  wire [AXI_BITS/8-1:0] store_strobe;
  wire written, write_error, write_idle, response_wait;
  wire [1:0] write_resp;
  vg_axi_write #(.AXI_BITS(AXI_BITS), .WRITE_BURST(WRITE_BURST)) u_write (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt), .idle_o(write_idle), .response_wait_o(response_wait),
    .memory_base_i(memory_base_i), .memory_size_i(memory_size_i),
    .req_valid_i(store_req_valid), .req_ready_o(store_req_ready), .req_error_o(store_req_error),
    .req_offset_i(store_req_offset), .req_beats_i(store_req_beats),
    .data_valid_i(store_beat_valid), .data_ready_o(store_beat_ready), .data_i(store_data), .strobe_i(store_strobe),
    .done_o(written), .error_o(write_error), .error_resp_o(write_resp),
    .m_axi_awaddr_o(m_axi_awaddr_o), .m_axi_awlen_o(m_axi_awlen_o), .m_axi_awsize_o(m_axi_awsize_o),
    .m_axi_awburst_o(m_axi_awburst_o), .m_axi_awvalid_o(m_axi_awvalid_o), .m_axi_awready_i(m_axi_awready_i),
    .m_axi_wdata_o(m_axi_wdata_o), .m_axi_wstrb_o(m_axi_wstrb_o), .m_axi_wlast_o(m_axi_wlast_o),
    .m_axi_wvalid_o(m_axi_wvalid_o), .m_axi_wready_i(m_axi_wready_i),
    .m_axi_bresp_i(m_axi_bresp_i), .m_axi_bvalid_i(m_axi_bvalid_i), .m_axi_bready_o(m_axi_bready_o)
  );
  wire ar_stuck = m_axi_arvalid_o & ~m_axi_arready_i;
  wire aw_stuck = m_axi_awvalid_o & ~m_axi_awready_i;
  wire w_stuck = m_axi_wvalid_o & ~m_axi_wready_i;
  wire read_beat = m_axi_rvalid_i & m_axi_rready_o;
  wire write_beat = m_axi_wvalid_o & m_axi_wready_i;
  wire read_expired, write_expired;
  vg_bus_watch u_read_watch (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .timeout_i(bus_timeout_i),
    .waiting_i(ar_stuck | (~read_idle & m_axi_rready_o)),
    .progress_i((m_axi_arvalid_o & m_axi_arready_i) | m_axi_rvalid_i), .expired_o(read_expired)
  );
  vg_bus_watch u_write_watch (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .timeout_i(bus_timeout_i),
    .waiting_i(aw_stuck | w_stuck | response_wait),
    .progress_i((m_axi_awvalid_o & m_axi_awready_i) | write_beat | m_axi_bvalid_i), .expired_o(write_expired)
  );

  // Commands.
  wire cmd_valid, cmd_ready;
  wire [511:0] cmd;
  wire [31:0] cmd_index, cmd_offset;
  wire [7:0] cmd_fault;
  vg_command_fetch #(.AXI_BITS(AXI_BITS)) u_fetch (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .halt_i(halt),
    .command_address_i(command_address_i), .command_count_i(command_count_i),
    .req_valid_o(fetch_req_valid), .req_ready_i(fetch_req_ready), .req_error_i(fetch_req_error),
    .req_offset_o(fetch_req_offset), .req_beats_o(fetch_req_beats),
    .data_valid_i(fetch_beat_valid), .data_ready_o(fetch_beat_ready), .data_i(beat_data), .data_error_i(beat_error),
    .cmd_valid_o(cmd_valid), .cmd_ready_i(cmd_ready), .cmd_o(cmd), .cmd_index_o(cmd_index), .cmd_offset_o(cmd_offset),
    .cmd_fault_o(cmd_fault)
  );
  wire load_cmd_valid, load_cmd_ready, compute_cmd_valid, compute_cmd_ready, store_cmd_valid, store_cmd_ready;
  wire [213:0] load_cmd, store_cmd;
  wire [511:0] compute_cmd;
  wire [31:0] compute_cmd_index;
  wire finished, dispatch_error, load_error, store_error, compute_error;
  wire [7:0] dispatch_code, load_code, store_code, compute_code;
  wire [31:0] dispatch_index, load_index, store_index, compute_index;
  wire [31:0] dispatch_info, load_info, store_info, compute_info;
  vg_dispatch #(.G(G), .M(M), .P(P), .R(R), .AXI_BITS(AXI_BITS), .QUEUE_DEPTH(QUEUE_DEPTH)) u_dispatch (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .halt_i(halt),
    .cmd_valid_i(cmd_valid), .cmd_ready_o(cmd_ready), .cmd_i(cmd), .cmd_index_i(cmd_index), .cmd_offset_i(cmd_offset),
    .cmd_fault_i(cmd_fault),
    .done_load_i(done_load_q), .done_compute_i(done_compute_q), .done_store_i(done_store_q),
    .load_valid_o(load_cmd_valid), .load_ready_i(load_cmd_ready), .load_o(load_cmd),
    .compute_valid_o(compute_cmd_valid), .compute_ready_i(compute_cmd_ready), .compute_o(compute_cmd),
    .compute_index_o(compute_cmd_index),
    .store_valid_o(store_cmd_valid), .store_ready_i(store_cmd_ready), .store_o(store_cmd), .end_o(finished),
    .error_o(dispatch_error), .error_code_o(dispatch_code), .error_index_o(dispatch_index), .error_info_o(dispatch_info)
  );

  // Engines.
  wire ld_valid, ld_ready, st_valid, st_ready, st_rvalid, wt_we, pm_we, tb_we_a, tb_we_b;
  wire [3:0] ld_bank, ld_count, st_bank, st_count;
  wire [15:0] ld_addr, st_addr, word_addr;
  wire [7:0] word_slice;
  wire [AXI_BITS-1:0] load_data, st_rdata;
  wire [35:0] tb_data_b;
  wire words_on_way, features_on_way;
  vg_load #(
    .G(G), .M(M), .P(P), .R(R), .AXI_BITS(AXI_BITS), .FEATURE_DEPTH(FEATURE_DEPTH), .WEIGHT_DEPTH(WEIGHT_DEPTH),
    .PARAMETER_DEPTH(PARAMETER_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH)
  ) u_load (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .halt_i(halt),
    .cmd_valid_i(load_cmd_valid), .cmd_ready_o(load_cmd_ready), .cmd_i(load_cmd),
    .done_load_i(done_load_q), .done_compute_i(done_compute_q), .done_store_i(done_store_q), .done_pulse_o(load_done),
    .words_on_way_o(words_on_way), .features_on_way_o(features_on_way),
    .req_valid_o(load_req_valid), .req_ready_i(load_req_ready), .req_error_i(load_req_error),
    .req_offset_o(load_req_offset), .req_beats_o(load_req_beats),
    .data_valid_i(load_beat_valid), .data_ready_o(load_beat_ready), .data_i(beat_data), .data_error_i(beat_error),
    .data_resp_i(beat_resp),
    .ld_valid_o(ld_valid), .ld_ready_i(ld_ready), .ld_bank_o(ld_bank), .ld_addr_o(ld_addr), .ld_count_o(ld_count),
    .wt_we_o(wt_we), .pm_we_o(pm_we), .tb_we_a_o(tb_we_a), .tb_we_b_o(tb_we_b),
    .word_addr_o(word_addr), .word_slice_o(word_slice), .data_o(load_data), .tb_data_b_o(tb_data_b),
    .error_o(load_error), .error_code_o(load_code), .error_index_o(load_index), .error_info_o(load_info)
  );
  vg_store #(
    .G(G), .P(P), .AXI_BITS(AXI_BITS), .FEATURE_DEPTH(FEATURE_DEPTH), .QUEUE_DEPTH(QUEUE_DEPTH)
  ) u_store (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .halt_i(halt),
    .cmd_valid_i(store_cmd_valid), .cmd_ready_o(store_cmd_ready), .cmd_i(store_cmd),
    .done_load_i(done_load_q), .done_compute_i(done_compute_q), .done_store_i(done_store_q), .done_pulse_o(store_done),
    .req_valid_o(store_req_valid), .req_ready_i(store_req_ready), .req_error_i(store_req_error),
    .req_offset_o(store_req_offset), .req_beats_o(store_req_beats),
    .data_valid_o(store_beat_valid), .data_ready_i(store_beat_ready), .data_o(store_data), .strobe_o(store_strobe),
    .written_i(written), .write_error_i(write_error), .write_resp_i(write_resp),
    .st_valid_o(st_valid), .st_ready_i(st_ready), .st_bank_o(st_bank), .st_addr_o(st_addr), .st_count_o(st_count),
    .st_rvalid_i(st_rvalid), .st_rdata_i(st_rdata),
    .error_o(store_error), .error_code_o(store_code), .error_index_o(store_index), .error_info_o(store_info)
  );
  wire compute_idle, busy, no_command, wait_load, wait_compute, wait_store, wait_drain;
  wire [7:0] compute_trace;
  vg_compute #(
    .G(G), .M(M), .P(P), .R(R), .AXI_BITS(AXI_BITS), .FEATURE_DEPTH(FEATURE_DEPTH), .WEIGHT_DEPTH(WEIGHT_DEPTH),
    .PARAMETER_DEPTH(PARAMETER_DEPTH)
  ) u_compute (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear), .halt_i(halt), .idle_o(compute_idle),
    .cmd_valid_i(compute_cmd_valid), .cmd_ready_o(compute_cmd_ready), .cmd_i(compute_cmd), .cmd_index_i(compute_cmd_index),
    .done_load_i(done_load_q), .done_compute_i(done_compute_q), .done_store_i(done_store_q), .done_pulse_o(compute_done),
    .error_o(compute_error), .error_code_o(compute_code), .error_index_o(compute_index), .error_info_o(compute_info),
    .ld_valid_i(ld_valid), .ld_ready_o(ld_ready), .ld_bank_i(ld_bank), .ld_addr_i(ld_addr), .ld_count_i(ld_count),
    .ld_data_i(load_data),
    .st_valid_i(st_valid), .st_ready_o(st_ready), .st_bank_i(st_bank), .st_addr_i(st_addr), .st_count_i(st_count),
    .st_rvalid_o(st_rvalid), .st_rdata_o(st_rdata),
    .wt_we_i(wt_we), .wt_addr_i(word_addr), .wt_slice_i(word_slice), .wt_data_i(load_data),
    .pm_we_i(pm_we), .pm_addr_i(word_addr), .pm_slice_i(word_slice), .pm_data_i(load_data),
    .tb_we_a_i(tb_we_a), .tb_we_b_i(tb_we_b), .tb_addr_i(word_addr[8:0]), .tb_data_a_i(load_data[35:0]),
    .tb_data_b_i(tb_data_b),
    .stat_busy_o(busy), .stat_no_command_o(no_command), .stat_wait_load_o(wait_load), .stat_wait_compute_o(wait_compute),
    .stat_wait_store_o(wait_store), .stat_wait_drain_o(wait_drain), .trace_o(compute_trace)
  );

  // The run and its figures.
  vg_control u_control (
    .clk_i(clk_i), .rst_ni(rst_ni), .start_i(start_i), .abort_i(abort_i), .end_i(finished),
    .bus_idle_i(read_idle & write_idle), .compute_idle_i(compute_idle),
    .read_expired_i(read_expired), .write_expired_i(write_expired), .next_index_i(cmd_index),
    .error_i({dispatch_error, store_error, load_error, compute_error}),
    .codes_i({dispatch_code, store_code, load_code, compute_code}),
    .indices_i({dispatch_index, store_index, load_index, compute_index}),
    .infos_i({dispatch_info, store_info, load_info, compute_info}),
    .busy_o(busy_o), .clear_o(clear), .halt_o(halt), .done_o(done_o), .error_o(error_o),
    .error_code_o(error_code_o), .error_command_o(error_command_o), .error_info_o(error_info_o)
  );
  vg_counters u_counters (
    .clk_i(clk_i), .clear_i(clear), .run_i(busy_o),
    .events_i({wait_load & features_on_way, wait_load & words_on_way, write_beat, read_beat, wait_drain, wait_store, wait_compute,
               wait_load, no_command, busy}),
    .completed_i({finished & ~halt, store_done, compute_done, load_done}),
    .cycles_o(cnt_cycles_o), .commands_o(cnt_commands_o),
    .counts_o({cnt_wait_features_o, cnt_wait_weights_o, cnt_write_beats_o, cnt_read_beats_o, cnt_wait_drain_o, cnt_wait_store_o, cnt_wait_compute_o,
               cnt_wait_load_o, cnt_no_command_o, cnt_busy_o})
  );
  assign trace_o = {compute_trace, cmd_valid & cmd_ready, halt, error_o, done_o, compute_cmd_valid & compute_cmd_ready,
                    store_done, compute_done, load_done};
endmodule
