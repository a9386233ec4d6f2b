// Takes the commands in stream order, checks them and their waits, and hands each to the queue of its engine. At END it waits
// until everything handed out has completed. The first bad command stops it.
module vg_dispatch #(
  parameter G = 8,           // lanes: 4, 8, 16
  parameter M = 8,           // output channels, power of two
  parameter P = 7,           // pixel lanes, odd, 1..15
  parameter R = 2,           // drained channels, divides M
  parameter AXI_BITS = 128,  // bus width
  parameter QUEUE_DEPTH = 8  // commands per queue, >= 1
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         clear_i,         // forget everything (while halted)
  input  wire         halt_i,
  // Commands in stream order; with a fault, an error code instead of one.
  input  wire         cmd_valid_i,
  output wire         cmd_ready_o,
  input  wire [511:0] cmd_i,
  input  wire [31:0]  cmd_index_i,
  input  wire [31:0]  cmd_offset_i,    // where it lies, bytes
  input  wire [7:0]   cmd_fault_i,
  input  wire [15:0]  done_load_i,     // completed commands
  input  wire [15:0]  done_compute_i,
  input  wire [15:0]  done_store_i,
  // Queues; the entries of load and store are described in vg_dma_request.
  output wire         load_valid_o,
  input  wire         load_ready_i,
  output wire [213:0] load_o,
  output wire         compute_valid_o,
  input  wire         compute_ready_i,
  output wire [511:0] compute_o,
  output wire [31:0]  compute_index_o,
  output wire         store_valid_o,
  input  wire         store_ready_i,
  output wire [213:0] store_o,
  output wire         end_o,           // END reached and everything complete, until halt_i
  output wire         error_o,         // pulse
  output wire [7:0]   error_code_o,
  output wire [31:0]  error_index_o,
  output wire [31:0]  error_info_o
);
  localparam [7:0] ERROR_OPCODE = 8'd1, ERROR_FIELD = 8'd2, ERROR_WAIT = 8'd7;

  wire [7:0] opcode = cmd_i[7:0];
  wire to_compute = (opcode == 8'd5);
  wire to_store = (opcode == 8'd6);
  wire to_end = (opcode == 8'd7);

  wire bad_opcode, bad_field;
  wire [3:0] bad_word;
  vg_command_check #(.G(G), .M(M), .P(P), .R(R), .AXI_BITS(AXI_BITS)) u_check (
    .clk_i(clk_i), .cmd_i(cmd_i), .bad_opcode_o(bad_opcode), .bad_field_o(bad_field), .bad_word_o(bad_word)
  );

  // Commands handed out; a wait beyond them could never be met.
  reg [15:0] issued_load_q, issued_compute_q, issued_store_q;
  wire [15:0] ahead_load = issued_load_q - cmd_i[31:16];
  wire [15:0] ahead_compute = issued_compute_q - cmd_i[47:32];
  wire [15:0] ahead_store = issued_store_q - cmd_i[63:48];
  reg [2:0] never_q; // store, compute, load
  reg complete_q;
  always @(posedge clk_i) begin
    never_q <= {ahead_store[15], ahead_compute[15], ahead_load[15]};
    complete_q <= (done_load_i == issued_load_q) & (done_compute_i == issued_compute_q) & (done_store_i == issued_store_q);
  end

  // LOOK: the checks see the command; JUDGE: their verdict is due; ACT: hand it out.
  localparam [2:0] LOOK = 3'd0, SETTLE = 3'd1, JUDGE = 3'd2, ACT = 3'd3, FINISH = 3'd4, STOP = 3'd5;
  reg [2:0] state_q;
  reg error_q;
  reg [7:0] error_code_q;
  reg [31:0] error_info_q;
  wire fault = (cmd_fault_i != 8'd0);
  wire bad = fault | bad_opcode | bad_field | (never_q != 3'd0);
  wire [1:0] never_engine = never_q[0] ? 2'd0 : never_q[1] ? 2'd1 : 2'd2;

  wire load_room, compute_room, store_room;
  wire room = to_compute ? compute_room : to_store ? store_room : load_room;
  wire hand_out = (state_q == ACT) & ~to_end & room;
  wire push_compute = hand_out & to_compute;
  wire push_store = hand_out & to_store;
  wire push_load = hand_out & ~to_compute & ~to_store;

  always @(posedge clk_i) begin
    if (fault) begin
      error_code_q <= cmd_fault_i;
      error_info_q <= cmd_offset_i;
    end else if (bad_opcode) begin
      error_code_q <= ERROR_OPCODE;
      error_info_q <= {24'd0, opcode};
    end else if (bad_field) begin
      error_code_q <= ERROR_FIELD;
      error_info_q <= {28'd0, bad_word};
    end else begin
      error_code_q <= ERROR_WAIT;
      error_info_q <= {30'd0, never_engine};
    end
    if (!rst_ni || halt_i) begin
      state_q <= LOOK;
      error_q <= 1'b0;
    end else begin
      error_q <= (state_q == JUDGE) & bad;
      case (state_q)
        LOOK: if (cmd_valid_i) state_q <= SETTLE;
        SETTLE: state_q <= JUDGE;
        JUDGE: state_q <= bad ? STOP : ACT;
        ACT: if (to_end) state_q <= FINISH; else if (room) state_q <= LOOK;
        default: state_q <= state_q; // FINISH and STOP last until halt_i
      endcase
    end
    if (!rst_ni || clear_i) begin
      issued_load_q <= 16'd0;
      issued_compute_q <= 16'd0;
      issued_store_q <= 16'd0;
    end else begin
      issued_load_q <= issued_load_q + {15'd0, push_load};
      issued_compute_q <= issued_compute_q + {15'd0, push_compute};
      issued_store_q <= issued_store_q + {15'd0, push_store};
    end
  end

  assign cmd_ready_o = hand_out;
  assign end_o = (state_q == FINISH) & complete_q;
  assign error_o = error_q;
  assign error_code_o = error_code_q;
  assign error_index_o = cmd_index_i;
  assign error_info_o = error_info_q;

  // The queues.
  wire [1:0] kind = opcode[1:0] - 2'd1;
  wire [211:0] transfer = {cmd_index_i, cmd_i[195:192], cmd_i[191:64], cmd_i[63:16]};
  wire [$clog2(QUEUE_DEPTH+1)-1:0] load_count, compute_count, store_count;
  vg_fifo #(.WIDTH(214), .DEPTH(QUEUE_DEPTH)) u_load_queue (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(push_load), .wr_ready_o(load_room), .wr_data_i({transfer, kind}),
    .rd_valid_o(load_valid_o), .rd_ready_i(load_ready_i), .rd_data_o(load_o), .count_o(load_count)
  );
  vg_fifo #(.WIDTH(544), .DEPTH(QUEUE_DEPTH)) u_compute_queue (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(push_compute), .wr_ready_o(compute_room), .wr_data_i({cmd_index_i, cmd_i}),
    .rd_valid_o(compute_valid_o), .rd_ready_i(compute_ready_i), .rd_data_o({compute_index_o, compute_o}),
    .count_o(compute_count)
  );
  vg_fifo #(.WIDTH(214), .DEPTH(QUEUE_DEPTH)) u_store_queue (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(push_store), .wr_ready_o(store_room), .wr_data_i({transfer, 2'd0}),
    .rd_valid_o(store_valid_o), .rd_ready_i(store_ready_i), .rd_data_o(store_o), .count_o(store_count)
  );

  wire unused_ok = &{1'b0, ahead_load[14:0], ahead_compute[14:0], ahead_store[14:0], load_count, compute_count, store_count};
endmodule
