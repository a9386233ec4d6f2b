// Where the beats of vg_sequencer read and write: input row, channel-group offset and column, weight word, and per tile
// the output, residual and parameter words. Steps exactly as the loop nest does; addresses are words modulo 2^16.
module vg_pointers #(
  parameter G = 8, // lanes
  parameter M = 8, // output channels
  parameter P = 7, // pixel lanes, odd
  parameter R = 2  // channels a drain step
) (
  input  wire         clk_i,
  input  wire         load_i,     // start of the command next_i
  input  wire [511:0] next_i,
  input  wire [511:0] active_i,   // the running command
  input  wire         step_cg_i,
  input  wire         step_kx_i,
  input  wire         step_ky_i,
  input  wire         step_tile_i,
  input  wire         step_row_i,
  input  wire         step_block_i,
  output wire [15:0]  row_o,      // address of the input row's line, channel group 0 of the first group
  output wire         row_valid_o, // the row exists
  output wire [15:0]  offset_o,   // channel-group offset
  output wire [15:0]  column_o,   // input column of lane 0, signed
  output wire [15:0]  word_o,     // word of lane 0's column within the line, signed
  output wire [3:0]   rot_o,      // bank of lane 0
  output wire [15:0]  weight_o,
  output wire [15:0]  out_o,
  output wire [15:0]  residual_o,
  output wire [15:0]  parameter_o,
  output wire [3:0]   phase_o     // first byte within the word (M < G)
);
  localparam WORDS_LOG2 = (M > G) ? $clog2(M / G) : 0;
  localparam STEPS = M / R;
  localparam [15:0] PARAMETER_STEP = STEPS[15:0];
  localparam [4:0] PHASE_STEP = (M < G) ? M[4:0] : G[4:0];
  localparam [4:0] PHASE_END = G[4:0];
  localparam [15:0] TILE_COLUMNS = P[15:0];
  localparam LAST_BANK_INT = P - 1;
  localparam [3:0] LAST_BANK = LAST_BANK_INT[3:0];

  // Restart values: of the running command, or of the next one when it starts.
  wire [511:0] c = load_i ? next_i : active_i;
  wire        stride2 = c[8];
  wire        weight_hold = c[10];
  wire        upsample = c[13];
  wire [15:0] in_base = c[79:64], row_stride = c[95:80], cg_stride = c[111:96], group_stride = c[127:112];
  wire [15:0] ring_end = c[143:128], ring_size = c[159:144];
  wire [15:0] iy0 = c[207:192], ix0 = {{8{c[215]}}, c[215:208]}, q0 = {{12{c[223]}}, c[223:220]};
  wire [3:0]  rot0 = c[219:216];
  wire [7:0]  blocks_per_group = c[311:304];
  wire [15:0] weight_base = c[335:320], weight_block_stride = c[351:336], parameter_base = c[367:352];
  wire [15:0] residual_base = c[383:368], out_base = c[399:384], out_row_stride = c[415:400];
  wire [15:0] out_cg_stride = c[431:416], residual_row_stride = c[447:432], residual_cg_stride = c[463:448];

  wire to_block = load_i | step_block_i;        // a new block starts
  wire to_row = to_block | step_row_i;          // a new output row starts
  wire to_tile = to_row | step_tile_i;          // a new tile starts
  wire to_tap_row = to_tile | step_ky_i;        // a new kernel row starts

  wire unused_ok = &{1'b0, c};

  // Input rows, with the ring's wrap-around.
  reg [15:0] row0_q, row_q, iy0_q, iy_q;
  wire [15:0] tap_row = row_q + row_stride;
  wire [15:0] out_row_start = row0_q + (stride2 ? {row_stride[14:0], 1'b0} : row_stride);
  wire [15:0] tap_row_wrapped = tap_row - ((tap_row >= ring_end) ? ring_size : 16'd0);
  wire [15:0] out_row_wrapped = out_row_start - ((out_row_start >= ring_end) ? ring_size : 16'd0);
  wire [15:0] iy_next = iy0_q + {14'd0, stride2, ~stride2};
  always @(posedge clk_i) begin
    if (to_row) begin
      row0_q <= to_block ? in_base : out_row_wrapped;
      row_q <= to_block ? in_base : out_row_wrapped;
      iy0_q <= to_block ? iy0 : iy_next;
      iy_q <= to_block ? iy0 : iy_next;
    end else if (step_tile_i) begin
      row_q <= row0_q;
      iy_q <= iy0_q;
    end else if (step_ky_i) begin
      row_q <= tap_row_wrapped;
      iy_q <= iy_q + 16'd1;
    end
  end

  // Channel groups.
  reg [15:0] group_q, offset_q;
  reg [7:0] group_left_q;
  wire group_end = (group_left_q == 8'd1);
  wire [15:0] group_next = group_q + (group_end ? group_stride : 16'd0);
  always @(posedge clk_i) begin
    if (load_i) begin
      group_q <= 16'd0;
      group_left_q <= blocks_per_group;
      offset_q <= 16'd0;
    end else if (step_block_i) begin
      group_q <= group_next;
      group_left_q <= group_end ? blocks_per_group : group_left_q - 8'd1;
      offset_q <= group_next;
    end else if (step_cg_i) offset_q <= offset_q + cg_stride;
    else if (to_tap_row | step_kx_i) offset_q <= group_q;
  end

  // Columns: lane 0 is at column_q = word_q * P + rot_q.
  reg [15:0] tile_column_q, tile_word_q, column_q, word_q;
  reg [3:0] rot_q;
  wire [15:0] tile_column = to_row ? ix0 : tile_column_q + (step_tile_i ? (stride2 ? 2 * TILE_COLUMNS : TILE_COLUMNS) : 16'd0);
  wire [15:0] tile_word = to_row ? q0 : tile_word_q + (step_tile_i ? {14'd0, stride2, ~stride2} : 16'd0);
  wire bank_end = (rot_q == LAST_BANK);
  always @(posedge clk_i) begin
    if (to_tile) begin
      tile_column_q <= tile_column;
      tile_word_q <= tile_word;
    end
    if (to_tap_row) begin
      column_q <= tile_column;
      word_q <= tile_word;
      rot_q <= rot0;
    end else if (step_kx_i) begin
      column_q <= column_q + 16'd1;
      word_q <= word_q + {15'd0, bank_end};
      rot_q <= bank_end ? 4'd0 : rot_q + 4'd1;
    end
  end

  // Weights: block after block; the same words for every tile (and, held, for every tap).
  reg [15:0] weight_block_q, weight_q;
  wire [15:0] weight_block = load_i ? weight_base : weight_block_q + (step_block_i ? weight_block_stride : 16'd0);
  wire next_tap = step_kx_i | step_ky_i;
  always @(posedge clk_i) begin
    if (to_block) weight_block_q <= weight_block;
    if (to_tile | (next_tap & weight_hold)) weight_q <= weight_block;
    else if (step_cg_i | next_tap) weight_q <= weight_q + 16'd1;
  end

  // Output, residual and parameters. Blocks narrower than a word share it: the phase is their first byte.
  reg [15:0] out_block_q, out_row_q, out_q, residual_block_q, residual_row_q, residual_q, parameter_q;
  reg [4:0] phase_q;
  wire [4:0] phase_next = phase_q + PHASE_STEP;
  wire word_end = (phase_next == PHASE_END);
  wire [15:0] out_block = load_i ? out_base : out_block_q + (word_end ? out_cg_stride << WORDS_LOG2 : 16'd0);
  wire [15:0] residual_block =
    load_i ? residual_base : residual_block_q + (word_end ? residual_cg_stride << WORDS_LOG2 : 16'd0);
  wire [15:0] out_row = out_row_q + out_row_stride;
  wire [15:0] residual_row = residual_row_q + residual_row_stride;
  always @(posedge clk_i) begin
    if (to_block) begin
      phase_q <= (load_i | word_end) ? 5'd0 : phase_next;
      parameter_q <= load_i ? parameter_base : parameter_q + PARAMETER_STEP;
      out_block_q <= out_block;
      residual_block_q <= residual_block;
    end
    if (to_row) begin
      out_row_q <= to_block ? out_block : out_row;
      out_q <= to_block ? out_block : out_row;
      residual_row_q <= to_block ? residual_block : residual_row;
      residual_q <= to_block ? residual_block : residual_row;
    end else if (step_tile_i) begin
      out_q <= out_q + {14'd0, upsample, ~upsample};
      residual_q <= residual_q + 16'd1;
    end
  end

  assign row_o = row_q;
  assign row_valid_o = (iy_q < active_i[191:176]); // a negative row is a large unsigned number
  assign offset_o = offset_q;
  assign column_o = column_q;
  assign word_o = word_q;
  assign rot_o = rot_q;
  assign weight_o = weight_q;
  assign out_o = out_q;
  assign residual_o = residual_q;
  assign parameter_o = parameter_q;
  assign phase_o = phase_q[3:0];
endmodule
