// Reads the command stream ahead, CHUNK commands a request, and hands out whole commands with their index. What goes wrong is
// handed out in its place in the stream: a fault instead of a command, so nothing behind END can fail.
module vg_command_fetch #(
  parameter AXI_BITS = 128 // bus width: 64, 128, 256, 512
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire                clear_i,            // start over (while halted)
  input  wire                halt_i,
  input  wire [31:0]         command_address_i,  // byte offset into the window; sampled at clear_i
  input  wire [31:0]         command_count_i,
  // Bus master
  output wire                req_valid_o,
  input  wire                req_ready_i,
  input  wire                req_error_i,
  output wire [31:0]         req_offset_o,       // bytes
  output wire [31:0]         req_beats_o,
  input  wire                data_valid_i,
  output wire                data_ready_o,
  input  wire [AXI_BITS-1:0] data_i,
  input  wire                data_error_i,
  // Commands
  output wire                cmd_valid_o,
  input  wire                cmd_ready_i,
  output wire [511:0]        cmd_o,
  output wire [31:0]         cmd_index_o,
  output wire [31:0]         cmd_offset_o,       // bytes
  output wire [7:0]          cmd_fault_o         // error code, 0 for a command
);
  localparam [31:0] BEATS = 512 / AXI_BITS;      // beats per command
  localparam BEATS_LOG2 = $clog2(BEATS);
  localparam AHEAD = 8;                          // commands buffered
  localparam [3:0] AHEAD_COMMANDS = 4'd8;
  localparam [3:0] CHUNK = 4'd4;                 // commands per request
  localparam [7:0] FAULT_ADDRESS = 8'd6, FAULT_READ = 8'd8, FAULT_NO_END = 8'd11;

  // Requests. After a refusal commands are asked for one by one, to find the first that is outside the window.
  reg asking_q, refused_q, single_q;
  reg [31:0] offset_q, left_q; // next command to ask for, commands not yet asked for
  reg [3:0] chunk_q, room_q;   // commands of the request; room in the buffer
  wire [3:0] chunk = single_q ? 4'd1 : (left_q[31:2] == 30'd0) ? {2'd0, left_q[1:0]} : CHUNK;
  wire may_ask = (left_q != 32'd0) & ~refused_q & (room_q >= CHUNK);
  wire granted = asking_q & req_ready_i & ~req_error_i;
  wire assembled;

  always @(posedge clk_i) begin
    if (!asking_q) chunk_q <= chunk;
    if (clear_i) begin
      offset_q <= command_address_i;
      left_q <= command_count_i;
      refused_q <= |command_address_i[5:0];
      single_q <= 1'b0;
      room_q <= AHEAD_COMMANDS;
    end else begin
      if (granted) begin
        offset_q <= offset_q + {22'd0, chunk_q, 6'd0};
        left_q <= left_q - {28'd0, chunk_q};
      end
      if (asking_q & req_ready_i & req_error_i) begin
        single_q <= 1'b1;
        refused_q <= (chunk_q == 4'd1);
      end
      room_q <= room_q - (granted ? chunk_q : 4'd0) + {3'd0, assembled};
    end
    if (!rst_ni || halt_i) asking_q <= 1'b0;
    else asking_q <= asking_q ? ~req_ready_i : may_ask;
  end

  assign req_valid_o = asking_q;
  assign req_offset_o = offset_q;
  assign req_beats_o = {28'd0, chunk_q} << BEATS_LOG2;

  // The buffer always has room for what was asked for.
  wire beat_valid, beat_ready, beat_error, beat_room;
  wire [AXI_BITS-1:0] beat;
  wire [$clog2(AHEAD*BEATS+1)-1:0] beat_count;
  vg_fifo #(.WIDTH(AXI_BITS + 1), .DEPTH(AHEAD * BEATS)) u_buffer (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(data_valid_i), .wr_ready_o(beat_room), .wr_data_i({data_error_i, data_i}),
    .rd_valid_o(beat_valid), .rd_ready_i(beat_ready), .rd_data_o({beat_error, beat}), .count_o(beat_count)
  );
  assign data_ready_o = beat_room;

  // Commands are put together beat by beat, the first beat in the low bits.
  localparam [3:0] LAST_BEAT = BEATS[3:0] - 4'd1;
  reg [511:0] cmd_q;
  reg [3:0] position_q;
  reg full_q, bad_q, drained_q;
  reg [31:0] index_q, cmd_offset_q;
  wire take = beat_valid & beat_ready;
  wire delivered = cmd_valid_o & cmd_ready_i;
  assign beat_ready = ~full_q;
  assign assembled = take & (position_q == LAST_BEAT);

  generate
    if (AXI_BITS == 512) begin : g_one_beat
      always @(posedge clk_i) if (take) cmd_q <= beat;
    end else begin : g_beats
      always @(posedge clk_i) if (take) cmd_q <= {beat, cmd_q[511:AXI_BITS]};
    end
  endgenerate

  always @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      position_q <= 4'd0;
      full_q <= 1'b0;
      bad_q <= 1'b0;
      drained_q <= 1'b0;
      index_q <= 32'd0;
      cmd_offset_q <= command_address_i;
    end else begin
      if (take) begin
        position_q <= assembled ? 4'd0 : position_q + 4'd1;
        bad_q <= beat_error | (bad_q & (position_q != 4'd0));
      end
      full_q <= assembled | (full_q & ~cmd_ready_i);
      drained_q <= ~halt_i & ~full_q & (room_q == AHEAD_COMMANDS) & ~asking_q & (refused_q | (left_q == 32'd0));
      if (delivered) begin
        index_q <= index_q + 32'd1;
        cmd_offset_q <= cmd_offset_q + 32'd64;
      end
    end
  end

  assign cmd_valid_o = full_q | drained_q;
  assign cmd_o = cmd_q;
  assign cmd_index_o = index_q;
  assign cmd_offset_o = cmd_offset_q;
  assign cmd_fault_o = full_q ? (bad_q ? FAULT_READ : 8'd0) : (refused_q ? FAULT_ADDRESS : FAULT_NO_END);

  wire unused_ok = &{1'b0, beat_count};
endmodule
