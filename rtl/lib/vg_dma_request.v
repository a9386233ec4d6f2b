// The front of a DMA engine: takes the command at the head of its queue, works out how many beats it moves (adding up lines
// bit by bit: no multiplier), waits for the dependency counts, and asks the bus master. Commands are taken in order.
// Queue entry, 214 bits: 1:0 kind (0 features, 1 weights, 2 parameters, 3 tables), 17:2 waitLoad, 33:18 waitCompute,
// 49:34 waitStore, 81:50 W2, 113:82 W3, 145:114 W4, 177:146 W5, 181:178 firstBank, 213:182 command index.
module vg_dma_request #(
  parameter W = 2 // feature words per beat, power of two, 1..15
) (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         halt_i,          // give up the command at hand and take no other
  input  wire         cmd_valid_i,
  output wire         cmd_ready_o,
  input  wire [213:0] cmd_i,
  input  wire [15:0]  done_load_i,     // completed commands
  input  wire [15:0]  done_compute_i,
  input  wire [15:0]  done_store_i,
  input  wire         refuse_i,        // the command is illegal; settled two cycles after cmd_i
  input  wire [7:0]   refuse_code_i,
  input  wire [31:0]  refuse_info_i,
  input  wire         slot_ready_i,    // the data side can take the command
  output wire         slot_valid_o,    // pulse, only while slot_ready_i: it is its own now
  output wire         req_valid_o,
  input  wire         req_ready_i,
  input  wire         req_error_i,
  output wire [31:0]  req_offset_o,    // bytes
  output wire [31:0]  req_beats_o,
  output wire         error_o,         // pulse; nothing more is taken until halt_i
  output wire [7:0]   error_code_o,
  output wire [31:0]  error_index_o,
  output wire [31:0]  error_info_o
);
  localparam W_LOG2 = $clog2(W);
  localparam [31:0] W_INT = W;
  localparam [16:0] W_ROUND = W_INT[16:0] - 17'd1;
  localparam [7:0] ERROR_MEMORY_ADDRESS = 8'd6;

  wire features = (cmd_i[1:0] == 2'd0);
  wire [31:0] offset = cmd_i[81:50];
  wire [31:0] w3 = cmd_i[113:82]; // lines and columns, or beats
  wire [16:0] beats_per_line = ({1'b0, w3[31:16]} + W_ROUND) >> W_LOG2;

  // Dependencies: completed - wait >= 0, modulo 2^16.
  wire [15:0] ahead_load = done_load_i - cmd_i[17:2];
  wire [15:0] ahead_compute = done_compute_i - cmd_i[33:18];
  wire [15:0] ahead_store = done_store_i - cmd_i[49:34];
  reg met_q;
  always @(posedge clk_i) met_q <= ~(ahead_load[15] | ahead_compute[15] | ahead_store[15]);

  localparam [2:0] TAKE = 3'd0, ADD = 3'd1, HOLD = 3'd2, ASK = 3'd3, STOP = 3'd4;
  reg [2:0] state_q;
  reg [31:0] addend_q, beats_q;
  reg [15:0] factor_q;
  wire added = (factor_q == 16'd0);

  always @(posedge clk_i) begin
    if (state_q == TAKE) begin
      beats_q <= 32'd0;
      addend_q <= features ? {15'd0, beats_per_line} : w3;
      factor_q <= features ? w3[15:0] : 16'd1;
    end else if (state_q == ADD) begin
      if (factor_q[0]) beats_q <= beats_q + addend_q;
      addend_q <= {addend_q[30:0], 1'b0};
      factor_q <= {1'b0, factor_q[15:1]};
    end
  end

  reg error_q;
  reg [7:0] error_code_q;
  reg [31:0] error_index_q, error_info_q;
  wire refused = (state_q == HOLD) & refuse_i;
  wire answered = (state_q == ASK) & req_ready_i;

  always @(posedge clk_i) begin
    error_code_q <= refused ? refuse_code_i : ERROR_MEMORY_ADDRESS;
    error_index_q <= cmd_i[213:182];
    error_info_q <= refused ? refuse_info_i : offset;
    if (!rst_ni || halt_i) begin
      state_q <= TAKE;
      error_q <= 1'b0;
    end else begin
      error_q <= refused | (answered & req_error_i);
      case (state_q)
        TAKE: if (cmd_valid_i) state_q <= ADD;
        ADD: if (added) state_q <= HOLD;
        HOLD:
          if (refuse_i) state_q <= STOP;
          else if (met_q & slot_ready_i) state_q <= ASK;
        ASK: if (req_ready_i) state_q <= req_error_i ? STOP : TAKE;
        default: state_q <= STOP;
      endcase
    end
  end

  assign req_valid_o = (state_q == ASK);
  assign req_offset_o = offset;
  assign req_beats_o = beats_q;
  assign slot_valid_o = answered & ~req_error_i;
  assign cmd_ready_o = slot_valid_o;
  assign error_o = error_q;
  assign error_code_o = error_code_q;
  assign error_index_o = error_index_q;
  assign error_info_o = error_info_q;

  wire unused_ok = &{1'b0, cmd_i[181:114], ahead_load[14:0], ahead_compute[14:0], ahead_store[14:0]};
endmodule
