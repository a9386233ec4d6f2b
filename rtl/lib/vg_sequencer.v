// The compute command's loop nest: block, row, tile, ky, kx, channel group (outermost first), one beat a cycle, without
// bubbles between tiles, nor between commands whose waits are met. The last beat of a tile is held back until TILE_MIN
// cycles (twice that if it was upsampled) have passed since the last beat of the tile before, so that the drain is always
// free when a tile arrives.
module vg_sequencer #(
  parameter TILE_MIN = 4 // cycles the drain needs for a tile, 2..128
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         halt_i,       // issue nothing more
  input  wire         cmd_valid_i,  // next command
  input  wire         cmd_go_i,     // its waits are met
  output wire         cmd_ready_o,  // taken at this edge
  input  wire [511:0] cmd_i,
  output wire [511:0] active_o,     // the running command
  output wire         running_o,
  output wire         stalled_o,    // the beat is held back for the drain
  // The beat of this cycle.
  output wire         beat_o,
  output wire         first_o,      // first beat of a tile
  output wire         last_o,       // last beat of a tile
  output wire         last_tile_o,  // with last_o: the command's last tile
  // How the pointers step after the beat: exactly one is set, or none (with load_o: start of the next command).
  output wire         load_o,
  output wire         step_cg_o,
  output wire         step_kx_o,
  output wire         step_ky_o,
  output wire         step_tile_o,
  output wire         step_row_o,
  output wire         step_block_o
);
  reg running_q;
  reg [511:0] cmd_q;
  reg [15:0] cg_q, blocks_q, rows_q, tiles_q; // beats, blocks, ... left, 1 = last
  reg [7:0] kx_q, ky_q, gap_q;
  reg first_q;

  wire cg_last = (cg_q == 16'd1);
  wire kx_last = (kx_q == 8'd1);
  wire ky_last = (ky_q == 8'd1);
  wire tile_last = (tiles_q == 16'd1);
  wire row_last = (rows_q == 16'd1);
  wire block_last = (blocks_q == 16'd1);
  wire tile_end = cg_last & kx_last & ky_last;
  wire command_end = tile_end & tile_last & row_last & block_last;

  localparam GAP_INT = TILE_MIN - 1, UPSAMPLED_INT = 2 * TILE_MIN - 1;
  localparam [7:0] GAP = GAP_INT[7:0], UPSAMPLED_GAP = UPSAMPLED_INT[7:0];
  wire drain_free = (gap_q == 8'd0);
  wire beat = running_q & ~halt_i & (~tile_end | drain_free);
  wire load = cmd_valid_i & cmd_go_i & ~halt_i & (~running_q | (beat & command_end));

  assign cmd_ready_o = load;
  assign load_o = load;
  assign active_o = cmd_q;
  assign running_o = running_q;
  assign stalled_o = running_q & tile_end & ~drain_free;
  assign beat_o = beat;
  assign first_o = first_q;
  assign last_o = tile_end;
  assign last_tile_o = tile_last & row_last & block_last;
  assign step_cg_o = beat & ~cg_last;
  assign step_kx_o = beat & cg_last & ~kx_last;
  assign step_ky_o = beat & cg_last & kx_last & ~ky_last;
  assign step_tile_o = beat & tile_end & ~tile_last;
  assign step_row_o = beat & tile_end & tile_last & ~row_last;
  assign step_block_o = beat & tile_end & tile_last & row_last & ~block_last;

  // Counters restart from the running command, or from the next one when it starts.
  wire [7:0] kernel_width = load ? cmd_i[231:224] : cmd_q[231:224];
  wire [7:0] kernel_height = load ? cmd_i[239:232] : cmd_q[239:232];
  wire [15:0] channel_groups = load ? cmd_i[255:240] : cmd_q[255:240];
  wire [15:0] rows = load ? cmd_i[287:272] : cmd_q[287:272];
  wire [15:0] tiles = load ? cmd_i[303:288] : cmd_q[303:288];

  always @(posedge clk_i) begin
    if (load) cmd_q <= cmd_i;
    if (load | beat) begin
      first_q <= load | tile_end;
      cg_q <= step_cg_o ? cg_q - 16'd1 : channel_groups;
      if (~step_cg_o) kx_q <= step_kx_o ? kx_q - 8'd1 : kernel_width;
      if (~step_cg_o & ~step_kx_o) ky_q <= step_ky_o ? ky_q - 8'd1 : kernel_height;
      if (load | tile_end) tiles_q <= step_tile_o ? tiles_q - 16'd1 : tiles;
      if (load | (tile_end & tile_last)) rows_q <= step_row_o ? rows_q - 16'd1 : rows;
      if (load) blocks_q <= cmd_i[271:256];
      else if (step_block_o) blocks_q <= blocks_q - 16'd1;
    end
    if (!rst_ni) begin
      running_q <= 1'b0;
      gap_q <= 8'd0;
    end else begin
      if (load) running_q <= 1'b1;
      else if (halt_i | (beat & command_end)) running_q <= 1'b0;
      if (beat & tile_end) gap_q <= cmd_q[13] ? UPSAMPLED_GAP : GAP;
      else if (!drain_free) gap_q <= gap_q - 8'd1;
    end
  end
endmodule
