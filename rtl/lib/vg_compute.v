// The compute engine: loop nest, feature/weight/parameter/table memories, array and drain. Latency from the issue of a
// tile's last beat to its sums in the drain buffer: 9 cycles; the drain adds 15 to the write of its first step.
module vg_compute #(
  parameter G = 8,                // lanes (group width): 4, 8, 16
  parameter M = 8,                // output channels: a multiple or a divisor of G
  parameter P = 7,                // pixel lanes, odd, 1..15
  parameter R = 2,                // channels drained per cycle: divides M, at most G
  parameter AXI_BITS = 128,       // bus width, 64..512
  parameter FEATURE_DEPTH = 4096, // words of G bytes per bank
  parameter WEIGHT_DEPTH = 4096,  // words of M*G bytes
  parameter PARAMETER_DEPTH = 512 // words of R x 128 bits
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire                clear_i,     // start: forget everything
  input  wire                halt_i,      // issue nothing more
  output wire                idle_o,      // nothing running, nothing in the pipelines
  // Command queue.
  input  wire                cmd_valid_i,
  output wire                cmd_ready_o,
  input  wire [511:0]        cmd_i,
  input  wire [31:0]         cmd_index_i,
  input  wire [15:0]         done_load_i, // completed commands of each engine
  input  wire [15:0]         done_compute_i,
  input  wire [15:0]         done_store_i,
  output wire                done_pulse_o,
  output reg                 error_o,
  output reg  [7:0]          error_code_o,
  output reg  [31:0]         error_index_o,
  output reg  [31:0]         error_info_o,
  // DMA into and out of the feature memory (see vg_feature_memory).
  input  wire                ld_valid_i,
  output wire                ld_ready_o,
  input  wire [3:0]          ld_bank_i,
  input  wire [15:0]         ld_addr_i,
  input  wire [3:0]          ld_count_i,
  input  wire [AXI_BITS-1:0] ld_data_i,
  input  wire                st_valid_i,
  output wire                st_ready_o,
  input  wire [3:0]          st_bank_i,
  input  wire [15:0]         st_addr_i,
  input  wire [3:0]          st_count_i,
  output wire                st_rvalid_o,
  output wire [AXI_BITS-1:0] st_rdata_o,
  // DMA into the other memories.
  input  wire                wt_we_i,
  input  wire [15:0]         wt_addr_i,
  input  wire [7:0]          wt_slice_i,
  input  wire [AXI_BITS-1:0] wt_data_i,
  input  wire                pm_we_i,
  input  wire [15:0]         pm_addr_i,
  input  wire [7:0]          pm_slice_i,
  input  wire [AXI_BITS-1:0] pm_data_i,
  input  wire                tb_we_a_i,
  input  wire                tb_we_b_i,
  input  wire [8:0]          tb_addr_i,
  input  wire [35:0]         tb_data_a_i,
  input  wire [35:0]         tb_data_b_i,
  // What this cycle is spent on: exactly one is set.
  output wire                stat_busy_o,
  output wire                stat_no_command_o,
  output wire                stat_wait_load_o,
  output wire                stat_wait_compute_o,
  output wire                stat_wait_store_o,
  output wire                stat_wait_drain_o,
  output wire [7:0]          trace_o // {0, done, command start, stalled, beat}
);
  localparam WORDS = (M > G) ? M / G : 1;
  localparam STEPS = M / R;
  localparam TILE_MIN = (STEPS > 2 * WORDS) ? STEPS : 2 * WORDS;
  localparam W = AXI_BITS / (8 * G);
  localparam [16:0] WEIGHT_END = WEIGHT_DEPTH[16:0];
  localparam [7:0] ERROR_FEATURE = 8'd3, ERROR_WEIGHT = 8'd4, ERROR_PARAMETER = 8'd5;

  wire run_n = rst_ni & ~clear_i;

  // ---- Waits of the next command.
  wire [15:0] load_lead = done_load_i - cmd_i[31:16];
  wire [15:0] compute_lead = done_compute_i - cmd_i[47:32];
  wire [15:0] store_lead = done_store_i - cmd_i[63:48];
  reg go_q, wait_load_q, wait_compute_q, wait_store_q;
  wire cmd_taken;
  wire looking = cmd_valid_i & ~cmd_taken & run_n;
  always @(posedge clk_i) begin
    go_q <= looking & ~load_lead[15] & ~compute_lead[15] & ~store_lead[15];
    wait_load_q <= looking & load_lead[15];
    wait_compute_q <= looking & ~load_lead[15] & compute_lead[15];
    wait_store_q <= looking & ~load_lead[15] & ~compute_lead[15] & store_lead[15];
  end
  assign cmd_ready_o = cmd_taken;

  // ---- t0: beats and pointers.
  wire [511:0] active;
  wire running, stalled, beat, first, last, last_tile;
  wire load, step_cg, step_kx, step_ky, step_tile, step_row, step_block;
  vg_sequencer #(.TILE_MIN(TILE_MIN)) u_sequencer (
    .clk_i(clk_i), .rst_ni(run_n), .halt_i(halt_i),
    .cmd_valid_i(cmd_valid_i), .cmd_go_i(go_q), .cmd_ready_o(cmd_taken), .cmd_i(cmd_i),
    .active_o(active), .running_o(running), .stalled_o(stalled),
    .beat_o(beat), .first_o(first), .last_o(last), .last_tile_o(last_tile),
    .load_o(load), .step_cg_o(step_cg), .step_kx_o(step_kx), .step_ky_o(step_ky),
    .step_tile_o(step_tile), .step_row_o(step_row), .step_block_o(step_block)
  );
  wire [15:0] row, offset, column, word, weight, out, residual, parameter_word;
  wire row_valid;
  wire [3:0] rot, phase;
  vg_pointers #(.G(G), .M(M), .P(P), .R(R)) u_pointers (
    .clk_i(clk_i), .load_i(load), .next_i(cmd_i), .active_i(active),
    .step_cg_i(step_cg), .step_kx_i(step_kx), .step_ky_i(step_ky),
    .step_tile_i(step_tile), .step_row_i(step_row), .step_block_i(step_block),
    .row_o(row), .row_valid_o(row_valid), .offset_o(offset), .column_o(column), .word_o(word), .rot_o(rot),
    .weight_o(weight), .out_o(out), .residual_o(residual), .parameter_o(parameter_word), .phase_o(phase)
  );
  reg [31:0] index_q;
  always @(posedge clk_i) if (load) index_q <= cmd_index_i;

  // ---- t1, t2: addresses; t2..t4: memory; t4..t6: lanes. Weights are addressed at t4, so that they meet at t6.
  wire [P-1:0] lane_valid4;
  wire [3:0] rot4;
  wire stride4;
  wire [7:0] zero4;
  wire [16*P-1:0] bank_addr2;
  wire read_error;
  wire [16:0] read_error_addr;
  vg_read_address #(.P(P), .DEPTH(FEATURE_DEPTH)) u_read_address (
    .clk_i(clk_i), .beat1_i(beat_q[1]), .row_i(row), .row_valid_i(row_valid), .offset_i(offset), .column_i(column),
    .word_i(word), .rot_i(rot), .stride2_i(active[8]), .width_i(active[175:160]), .zero_i(active[319:312]),
    .bank_addr_o(bank_addr2), .lane_valid_o(lane_valid4), .rot_o(rot4), .stride2_o(stride4), .zero_o(zero4),
    .error_o(read_error), .error_addr_o(read_error_addr)
  );
  reg [6:1] beat_q, first_q, last_q;
  wire [15:0] weight4;
  vg_delay #(.WIDTH(16), .STAGES(4)) u_weight_address (.clk_i(clk_i), .d_i(weight), .q_o(weight4));
  always @(posedge clk_i) begin
    first_q <= {first_q[5:1], first & ~active[14]}; // or the sums go on
    last_q <= {last_q[5:1], last};
    if (!run_n) beat_q <= 6'd0;
    else beat_q <= {beat_q[5:1], beat};
  end
  reg [15:0] weight1_q;
  reg [31:0] index1_q;
  always @(posedge clk_i) begin
    weight1_q <= weight;
    index1_q <= index_q;
  end
  wire weight_error = beat_q[1] & ({1'b0, weight1_q} >= WEIGHT_END);

  wire [8*G*P-1:0] bank_data4, act6, dw_data, rs_data;
  wire [8*G*M-1:0] weight6;
  wire dw_valid, rs_valid, rs_ready, rs_rvalid;
  wire [15:0] dw_addr, rs_addr;
  wire [G-1:0] dw_be;
  vg_feature_memory #(.G(G), .P(P), .DEPTH(FEATURE_DEPTH), .W(W)) u_features (
    .clk_i(clk_i), .rst_ni(run_n),
    .rd_en_i(beat_q[2]), .rd_addr_i(bank_addr2), .rd_data_o(bank_data4),
    .dw_valid_i(dw_valid), .dw_addr_i(dw_addr), .dw_be_i(dw_be), .dw_data_i(dw_data),
    .rs_valid_i(rs_valid), .rs_ready_o(rs_ready), .rs_addr_i(rs_addr), .rs_rvalid_o(rs_rvalid), .rs_data_o(rs_data),
    .ld_valid_i(ld_valid_i), .ld_ready_o(ld_ready_o), .ld_bank_i(ld_bank_i), .ld_addr_i(ld_addr_i),
    .ld_count_i(ld_count_i), .ld_data_i(ld_data_i),
    .st_valid_i(st_valid_i), .st_ready_o(st_ready_o), .st_bank_i(st_bank_i), .st_addr_i(st_addr_i),
    .st_count_i(st_count_i), .st_rvalid_o(st_rvalid_o), .st_data_o(st_rdata_o)
  );
  vg_lane_select #(.G(G), .P(P)) u_lanes (
    .clk_i(clk_i), .bank_data_i(bank_data4), .rot_i(rot4), .stride2_i(stride4), .lane_valid_i(lane_valid4),
    .zero_i(zero4), .lane_data_o(act6)
  );
  vg_word_memory #(.AXI_BITS(AXI_BITS), .WORD_BITS(8*G*M), .DEPTH(WEIGHT_DEPTH)) u_weights (
    .clk_i(clk_i), .we_i(wt_we_i), .waddr_i(wt_addr_i), .wslice_i(wt_slice_i), .wdata_i(wt_data_i),
    .re_i(beat_q[4]), .raddr_i(weight4), .rdata_o(weight6)
  );

  // ---- t6..t9: the array.
  wire captured;
  wire [7:0] step;
  wire [28*R*P-1:0] sums;
  vg_array #(.G(G), .M(M), .P(P), .R(R)) u_array (
    .clk_i(clk_i), .rst_ni(run_n), .valid_i(beat_q[6]), .first_i(first_q[6]), .last_i(last_q[6]),
    .act_i(act6), .weight_i(weight6), .captured_o(captured), .step_i(step), .sums_o(sums)
  );

  // ---- Drain.
  wire pm_re, tb_re, tb_bank, drain_idle, drain_feature_error, drain_parameter_error;
  wire [15:0] pm_addr;
  wire [128*R-1:0] pm_data;
  wire [8*R*P-1:0] tb_index_a, tb_index_b;
  wire [36*R*P-1:0] tb_data_a, tb_data_b;
  wire [31:0] drain_index, drain_info;
  vg_drain #(.G(G), .M(M), .P(P), .R(R), .TILE_MIN(TILE_MIN), .FEATURE_DEPTH(FEATURE_DEPTH), .PARAMETER_DEPTH(PARAMETER_DEPTH)
  ) u_drain (
    .clk_i(clk_i), .rst_ni(run_n),
    .push_i(beat & last), .last_tile_i(last_tile), .out_i(out), .residual_i(residual), .parameter_i(parameter_word),
    .phase_i(phase), .command_i(active), .index_i(index_q),
    .captured_i(captured), .step_o(step), .sums_i(sums),
    .pm_re_o(pm_re), .pm_addr_o(pm_addr), .pm_data_i(pm_data),
    .tb_re_o(tb_re), .tb_bank_o(tb_bank), .tb_index_a_o(tb_index_a), .tb_index_b_o(tb_index_b),
    .tb_data_a_i(tb_data_a), .tb_data_b_i(tb_data_b),
    .rs_valid_o(rs_valid), .rs_ready_i(rs_ready), .rs_addr_o(rs_addr), .rs_rvalid_i(rs_rvalid), .rs_data_i(rs_data),
    .dw_valid_o(dw_valid), .dw_addr_o(dw_addr), .dw_be_o(dw_be), .dw_data_o(dw_data),
    .done_o(done_pulse_o), .idle_o(drain_idle),
    .feature_error_o(drain_feature_error), .parameter_error_o(drain_parameter_error),
    .error_index_o(drain_index), .error_info_o(drain_info)
  );
  vg_word_memory #(.AXI_BITS(AXI_BITS), .WORD_BITS(128*R), .DEPTH(PARAMETER_DEPTH)) u_parameters (
    .clk_i(clk_i), .we_i(pm_we_i), .waddr_i(pm_addr_i), .wslice_i(pm_slice_i), .wdata_i(pm_data_i),
    .re_i(pm_re), .raddr_i(pm_addr), .rdata_o(pm_data)
  );
  vg_table_memory #(.LANES(R*P)) u_tables (
    .clk_i(clk_i), .we_a_i(tb_we_a_i), .we_b_i(tb_we_b_i), .waddr_i(tb_addr_i),
    .wdata_a_i(tb_data_a_i), .wdata_b_i(tb_data_b_i),
    .re_i(tb_re), .bank_i(tb_bank), .index_a_i(tb_index_a), .index_b_i(tb_index_b),
    .data_a_o(tb_data_a), .data_b_o(tb_data_b)
  );

  // ---- Errors: drained tiles are older than issued beats.
  wire drain_error = drain_feature_error | drain_parameter_error;
  always @(posedge clk_i) begin
    error_o <= run_n & ~halt_i & (drain_error | read_error | weight_error);
    error_index_o <= drain_error ? drain_index : index1_q;
    error_info_o <= drain_error ? drain_info : {15'd0, weight_error ? {1'b0, weight1_q} : read_error_addr};
    error_code_o <= drain_error ? (drain_parameter_error ? ERROR_PARAMETER : ERROR_FEATURE)
                                : (weight_error ? ERROR_WEIGHT : ERROR_FEATURE);
  end
  assign idle_o = ~running & drain_idle & ~rs_valid;

  // ---- Accounting.
  assign stat_busy_o = beat;
  assign stat_wait_drain_o = stalled & ~beat;
  wire free = ~running;
  assign stat_wait_load_o = free & wait_load_q;
  assign stat_wait_compute_o = free & wait_compute_q;
  assign stat_wait_store_o = free & wait_store_q;
  assign stat_no_command_o = ~(stat_busy_o | stat_wait_drain_o | stat_wait_load_o | stat_wait_compute_o |
                               stat_wait_store_o);
  assign trace_o = {4'd0, done_pulse_o, load, stalled, beat};
  wire unused_ok = &{1'b0, active, load_lead, compute_lead, store_lead};
endmodule
