// Empties the array's drain buffer: R channels x P pixels a cycle through requantisation and, if asked, the residual
// add, assembled into feature words and written back. Never stalls; the sequencer spaces the tiles.
// Cycles of one step, counted from E0 (the sums are in the drain buffer): E2 parameters, E9 int8, E14 after the
// residual add, E15 write. An upsampled tile goes through twice, TILE_MIN cycles apart, as if it were two: pixel p is
// first p / 2, then (P + p) / 2. With max and no residual pixel 0 is the sum of all pixels (E2).
module vg_drain #(
  parameter G = 8,                  // bytes a feature word
  parameter M = 8,                  // output channels
  parameter P = 7,                  // pixels
  parameter R = 2,                  // channels a step; divides M, at most G
  parameter TILE_MIN = 4,           // cycles between tiles at least, twice that behind an upsampled one
  parameter FEATURE_DEPTH = 4096,   // words a bank
  parameter PARAMETER_DEPTH = 512   // words
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  // A tile, when its last beat is issued; tiles are drained in this order.
  input  wire               push_i,
  input  wire               last_tile_i, // of its command
  input  wire [15:0]        out_i,
  input  wire [15:0]        residual_i,
  input  wire [15:0]        parameter_i,
  input  wire [3:0]         phase_i,
  input  wire [511:0]       command_i,
  input  wire [31:0]        index_i,     // of its command
  // The array's drain buffer.
  input  wire               captured_i,
  output wire [7:0]         step_o,
  input  wire [28*R*P-1:0]  sums_i,
  // Parameter memory and tables, two cycles of latency.
  output wire               pm_re_o,
  output wire [15:0]        pm_addr_o,
  input  wire [128*R-1:0]   pm_data_i,
  output wire               tb_re_o,
  output wire               tb_bank_o,
  output wire [8*R*P-1:0]   tb_index_a_o,
  output wire [8*R*P-1:0]   tb_index_b_o,
  input  wire [36*R*P-1:0]  tb_data_a_i,
  input  wire [36*R*P-1:0]  tb_data_b_i,
  // Feature memory: residual reads and result writes.
  output wire               rs_valid_o,
  input  wire               rs_ready_i,
  output wire [15:0]        rs_addr_o,
  input  wire               rs_rvalid_i,
  input  wire [8*G*P-1:0]   rs_data_i,
  output reg                dw_valid_o,
  output reg  [15:0]        dw_addr_o,
  output reg  [G-1:0]       dw_be_o,
  output wire [8*G*P-1:0]   dw_data_o,
  output reg                done_o,      // pulse: a command's last result is being written
  output wire               idle_o,      // no tile anywhere between issue and write
  output wire               feature_error_o,  // pulse: feature address out of range
  output wire               parameter_error_o, // pulse: parameter address out of range
  output wire [31:0]        error_index_o,     // with either: the command
  output wire [31:0]        error_info_o       // with either: {parameter or output address, residual address}
);
  localparam STEPS = M / R;
  localparam LAST_STEP_INT = STEPS - 1;
  localparam [7:0] LAST_STEP = LAST_STEP_INT[7:0];
  localparam [4:0] R5 = R[4:0], G5 = G[4:0];
  localparam [16:0] FEATURE_END = FEATURE_DEPTH[16:0], PARAMETER_END = PARAMETER_DEPTH[16:0];

  // ---- Tiles under way.
  localparam TILE_BITS = 32 + 1 + 16 + 16 + 16 + 4 + 5 + 32 + 48;
  reg [TILE_BITS-1:0] tiles [0:15];
  reg [3:0] head_q, tail_q;
  reg [4:0] flying_q;
  reg tile_written_q;
  wire [TILE_BITS-1:0] tile = tiles[head_q];
  wire pop;
  always @(posedge clk_i) begin
    if (push_i)
      tiles[tail_q] <= {index_i, last_tile_i, out_i, residual_i, parameter_i, phase_i, command_i[15], command_i[13:11],
                        command_i[9], command_i[431:416], command_i[463:448], command_i[511:464]};
    if (!rst_ni) begin
      head_q <= 4'd0;
      tail_q <= 4'd0;
      flying_q <= 5'd0;
    end else begin
      tail_q <= tail_q + {3'd0, push_i};
      head_q <= head_q + {3'd0, pop};
      flying_q <= flying_q + {4'd0, push_i} - {4'd0, tile_written_q};
    end
  end
  wire        t_last = tile[137];
  wire [15:0] t_out = tile[136:121], t_residual = tile[120:105], t_parameter = tile[104:89];
  wire [3:0]  t_phase = tile[88:85];
  wire        t_partial = tile[84], t_upsample = tile[83], t_max = tile[82], t_bank = tile[81], t_add = tile[80];
  wire [15:0] t_out_stride = tile[79:64], t_residual_stride = tile[63:48];
  wire [47:0] t_const = tile[47:0]; // {hi2, lo2, hi1, lo1, z2, z1}
  assign idle_o = (flying_q == 5'd0);

  // ---- E0: steps.
  localparam TILE_CYCLES = TILE_MIN;
  reg [7:0] step_q, again_q;
  reg stepping_q, second_q;
  reg [15:0] out_q, residual_q;
  reg [4:0] position_q;
  wire again = (again_q == 8'd1);         // the second time begins
  wire second = again | (second_q & ~captured_i);
  wire start = captured_i | again;
  wire active = start | stepping_q;
  wire [7:0] step = start ? 8'd0 : step_q;
  wire [4:0] position = start ? {1'b0, t_phase} : position_q; // byte within the word
  wire [15:0] out = start ? t_out + {15'd0, again} : out_q;
  wire [15:0] residual = start ? t_residual : residual_q;
  wire step_end = (step == LAST_STEP);
  wire [4:0] position_next = position + R5;
  wire word_full = (position_next == G5);
  wire word_end = word_full | step_end;
  wire word_start = (step == 8'd0) | (position == 5'd0);
  wire tile_end = step_end & (second | ~t_upsample);
  assign pop = active & tile_end;
  assign step_o = step;
  assign pm_re_o = active;
  wire [16:0] parameter_word = {1'b0, t_parameter} + {9'd0, step};
  assign pm_addr_o = parameter_word[15:0];
  assign parameter_error_o = active & (parameter_word >= PARAMETER_END);
  wire out_bad = ({1'b0, out} >= FEATURE_END);
  wire residual_bad = ({1'b0, residual} >= FEATURE_END);
  assign feature_error_o = active & (out_bad | (t_add & residual_bad));
  assign error_index_o = tile[TILE_BITS-1 -: 32];
  assign error_info_o = {parameter_error_o ? parameter_word[15:0] : out, residual};
  always @(posedge clk_i) begin
    step_q <= step + 8'd1;
    second_q <= second;
    position_q <= word_full ? 5'd0 : position_next;
    out_q <= word_full ? out + t_out_stride : out;
    residual_q <= word_full ? residual + t_residual_stride : residual;
    if (!rst_ni) begin
      stepping_q <= 1'b0;
      again_q <= 8'd0;
    end else begin
      stepping_q <= active & ~step_end;
      if (captured_i & t_upsample) again_q <= TILE_CYCLES[7:0];
      else if (again_q != 8'd0) again_q <= again_q - 8'd1;
    end
  end

  // ---- E0..E4: residual words are fetched ahead into a small queue. A read waits behind the writes of an earlier tile,
  // as many as a tile has words: up to four requests pile up (R = G, M = 4G). Up to five cycles late is in time.
  reg [15:0] request [0:7];
  reg [2:0] request_head_q, request_tail_q;
  reg [1:0] data_head_q, data_tail_q;
  reg [8*G*P-1:0] data [0:3];
  wire add9, max9, upsample9, second9, word_end9, active9;
  wire request_push = active & t_add & word_start;
  wire request_pop = rs_valid_o & rs_ready_i;
  assign rs_valid_o = (request_head_q != request_tail_q);
  assign rs_addr_o = request[request_head_q];
  wire [8*G*P-1:0] residual_words = data[data_head_q];
  always @(posedge clk_i) begin
    if (request_push) request[request_tail_q] <= residual;
    if (rs_rvalid_i) data[data_tail_q] <= rs_data_i;
    if (!rst_ni) begin
      request_head_q <= 3'd0;
      request_tail_q <= 3'd0;
      data_head_q <= 2'd0;
      data_tail_q <= 2'd0;
    end else begin
      request_tail_q <= request_tail_q + {2'd0, request_push};
      request_head_q <= request_head_q + {2'd0, request_pop};
      data_tail_q <= data_tail_q + {1'b0, rs_rvalid_i};
      data_head_q <= data_head_q + {1'b0, active9 & add9 & word_end9};
    end
  end

  // ---- What travels beside the data.
  wire [7:0] z1, lo1, hi1, z2, lo2, hi2;
  wire [4:0] position9, position14;
  vg_delay #(.WIDTH(24), .STAGES(8)) u_const1 (
    .clk_i(clk_i), .d_i({t_const[31:16], t_const[7:0]}), .q_o({hi1, lo1, z1}));
  vg_delay #(.WIDTH(24), .STAGES(13)) u_const2 (
    .clk_i(clk_i), .d_i({t_const[47:32], t_const[15:8]}), .q_o({hi2, lo2, z2}));
  wire flag_active9;
  vg_delay #(.WIDTH(12), .STAGES(9)) u_control9 (
    .clk_i(clk_i), .d_i({active & rst_ni, word_end, t_add, t_max, t_upsample, second, t_bank, position}),
    .q_o({flag_active9, word_end9, add9, max9, upsample9, second9, tb_bank_o, position9}));
  // Flags of tiles that a reset cut off must not come out of the delay lines.
  reg [3:0] flush_q;
  wire flushed = (flush_q == 4'd15);
  always @(posedge clk_i) begin
    if (!rst_ni) flush_q <= 4'd0;
    else if (!flushed) flush_q <= flush_q + 4'd1;
  end
  assign active9 = flag_active9 & flushed;

  wire active14, write14, end14, last14, tables14;
  wire [15:0] out14;
  vg_delay #(.WIDTH(26), .STAGES(14)) u_control14 (
    .clk_i(clk_i),
    .d_i({active & rst_ni, word_end & ~out_bad & ~t_partial, tile_end, t_last, t_add & ~t_max, position, out}),
    .q_o({active14, write14, end14, last14, tables14, position14, out14}));

  // ---- E1..E14: the lanes.
  assign tb_re_o = active9 & add9 & ~max9;
  reg [28*R*P-1:0] sums1_q, sums2_q;
  integer k;
  reg active1_q, active2_q, tb_re1_q, tb_re2_q, total1_q;
  wire [28*R-1:0] totals1;
  always @(posedge clk_i) begin
    total1_q <= t_max & ~t_add;
    active1_q <= active;
    active2_q <= active1_q;
    tb_re1_q <= tb_re_o;
    tb_re2_q <= tb_re1_q;
    if (active) sums1_q <= sums_i;
    if (active1_q) sums2_q <= sums1_q;
    if (active1_q & total1_q)
      for (k = 0; k < R; k = k + 1) sums2_q[28*P*k +: 28] <= totals1[28*k +: 28];
  end
  wire [8*R*P-1:0] q9, plain9, q14, plain14, added14;
  vg_delay #(.WIDTH(8*R*P), .STAGES(5)) u_plain (.clk_i(clk_i), .d_i(plain9), .q_o(plain14));
  assign q14 = tables14 ? added14 : plain14;
  genvar r, p, g;
  generate
    for (r = 0; r < R; r = r + 1) begin : g_channel
      reg [27:0] total;
      integer q;
      always @* begin
        total = sums1_q[28*P*r +: 28];
        for (q = 1; q < P; q = q + 1) total = total + sums1_q[28*(P*r + q) +: 28];
      end
      assign totals1[28*r +: 28] = total;
      for (p = 0; p < P; p = p + 1) begin : g_pixel
        localparam LANE = r * P + p;
        localparam FIRST = r * P + p / 2;         // where its value comes from when the row is upsampled
        localparam SECOND = r * P + (P + p) / 2;
        vg_requant u_requant (
          .clk_i(clk_i), .en_i(active2_q), .acc_i(sums2_q[28*LANE +: 28]), .bias_i(pm_data_i[128*r+64 +: 28]),
          .scale_i(pm_data_i[128*r +: 51]), .z_i(z1), .lo_i(lo1), .hi_i(hi1), .q_o(q9[8*LANE +: 8])
        );
        // The residual byte of this channel and pixel.
        reg [7:0] other;
        integer i;
        always @* begin
          other = residual_words[8*(p*G + r) +: 8];
          for (i = 1; i < G / R; i = i + 1)
            if (position9 == i[4:0] * R5) other = residual_words[8*(p*G + i*R + r) +: 8];
        end
        assign tb_index_a_o[8*LANE +: 8] = q9[8*LANE +: 8] ^ 8'h80;
        assign tb_index_b_o[8*LANE +: 8] = other ^ 8'h80;
        // The carry says that the residual byte is the greater one.
        wire [8:0] difference = {1'b0, other ^ 8'h80} + {1'b0, q9[8*LANE +: 8] ^ 8'h7f};
        assign plain9[8*LANE +: 8] = (max9 & add9 & difference[8]) ? other : ~upsample9 ? q9[8*LANE +: 8] :
                                     second9 ? q9[8*SECOND +: 8] : q9[8*FIRST +: 8];
        wire unused_difference = &{1'b0, difference[7:0]};
        vg_residual u_residual (
          .clk_i(clk_i), .en_i(tb_re2_q), .ta_i(tb_data_a_i[36*LANE +: 36]), .tb_i(tb_data_b_i[36*LANE +: 36]),
          .z_i(z2), .lo_i(lo2), .hi_i(hi2), .q_o(added14[8*LANE +: 8])
        );
      end
    end
  endgenerate

  // ---- E15: words. Byte g of a pixel takes channel g mod R of the step at position g - g mod R.
  generate
    for (p = 0; p < P; p = p + 1) begin : g_word
      for (g = 0; g < G; g = g + 1) begin : g_byte
        localparam AT_INT = g - g % R;
        localparam [4:0] AT = AT_INT[4:0];
        reg [7:0] byte_q;
        always @(posedge clk_i) if (active14 & (position14 == AT)) byte_q <= q14[8*((g % R)*P + p) +: 8];
        assign dw_data_o[8*(p*G + g) +: 8] = byte_q;
      end
    end
  endgenerate
  wire [G-1:0] enable;
  wire [4:0] written_end = position14 + R5;
  generate
    if (M < G) begin : g_partial
      for (g = 0; g < G; g = g + 1) begin : g_enable
        localparam AFTER_INT = g + M;
        localparam [4:0] BYTE = g[4:0], AFTER = AFTER_INT[4:0];
        assign enable[g] = (BYTE < written_end) && (AFTER >= written_end);
      end
    end else begin : g_whole
      assign enable = {G{1'b1}};
      wire unused_end = &{1'b0, written_end};
    end
  endgenerate
  wire tile_end14 = active14 & flushed & end14;
  always @(posedge clk_i) begin
    dw_addr_o <= out14;
    dw_be_o <= enable;
    if (!rst_ni) begin
      dw_valid_o <= 1'b0;
      done_o <= 1'b0;
      tile_written_q <= 1'b0;
    end else begin
      dw_valid_o <= active14 & flushed & write14;
      done_o <= tile_end14 & last14;
      tile_written_q <= tile_end14;
    end
  end

  wire unused_ok = &{1'b0, pm_data_i, command_i, t_const};
endmodule
