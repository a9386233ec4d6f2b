// Checks a request (byte offset, beats) against the memory window and splits it into INCR bursts. A burst ends at a multiple
// of BURST beats, so none crosses 4 KB. A refused request gives no burst. One request can be checked while the bursts of
// the previous one go out; a burst every other cycle.
module vg_axi_split #(
  parameter AXI_BITS = 128, // bus width: 64, 128, 256, 512
  parameter BURST = 16      // longest burst in beats, power of two, 1..256, at most 4096 bytes
) (
  input  wire        clk_i,
  input  wire        rst_ni,
  input  wire        halt_i,         // drop the request and the bursts not yet taken
  input  wire [39:0] memory_base_i,  // bytes, beat aligned
  input  wire [31:0] memory_size_i,  // bytes
  input  wire        req_valid_i,
  output wire        req_ready_o,    // the answer: taken, or refused when req_error_o
  output wire        req_error_o,
  input  wire [31:0] req_offset_i,   // bytes into the window
  input  wire [31:0] req_beats_i,    // >= 1
  output wire        burst_valid_o,
  input  wire        burst_ready_i,
  output wire [39:0] burst_addr_o,   // bytes
  output wire [8:0]  burst_beats_o,  // 1..BURST
  output wire        burst_last_o    // last burst of the request
);
  localparam BEAT_LOG2 = $clog2(AXI_BITS / 8);
  localparam [31:0] BURST_INT = BURST;
  localparam [8:0] BURST_BEATS = BURST_INT[8:0];
  localparam [8:0] BURST_MASK = BURST_BEATS - 9'd1;

  generate
    if (AXI_BITS != 64 && AXI_BITS != 128 && AXI_BITS != 256 && AXI_BITS != 512) begin : g_refuse_width
      vg_axi_bits_must_be_64_128_256_or_512 u_refused ();
    end
    if (BURST < 1 || BURST > 256 || (BURST & (BURST - 1)) != 0 || BURST * AXI_BITS / 8 > 4096) begin : g_refuse_burst
      vg_axi_burst_must_be_a_power_of_two_of_at_most_4096_bytes u_refused ();
    end
  endgenerate

  // The check, one step a cycle; the client holds its request until the answer.
  localparam [1:0] SUM = 2'd0, COMPARE = 2'd1, ANSWER = 2'd2;
  reg [1:0] check_q;
  reg [39:0] end_q, first_q;
  reg misaligned_q, bad_q;
  reg active_q; // bursts of the accepted request remain

  wire answer = (check_q == ANSWER) & (bad_q | ~active_q);
  wire accept = (check_q == ANSWER) & ~bad_q & ~active_q;

  always @(posedge clk_i) begin
    end_q <= {8'd0, req_offset_i} + ({8'd0, req_beats_i} << BEAT_LOG2);
    misaligned_q <= |req_offset_i[BEAT_LOG2-1:0];
    if (check_q == COMPARE) begin
      first_q <= memory_base_i + {8'd0, req_offset_i};
      bad_q <= misaligned_q | (end_q > {8'd0, memory_size_i});
    end
    if (!rst_ni || halt_i) check_q <= SUM;
    else
      case (check_q)
        SUM: if (req_valid_i) check_q <= COMPARE;
        COMPARE: check_q <= ANSWER;
        default: if (answer) check_q <= SUM;
      endcase
  end

  assign req_ready_o = answer;
  assign req_error_o = bad_q;

  // The bursts.
  reg [39:0] addr_q;
  reg [31:0] left_q; // beats, this burst included
  reg valid_q, last_q;
  reg [8:0] beats_q;

  wire [8:0] room = BURST_BEATS - (addr_q[BEAT_LOG2 +: 9] & BURST_MASK);
  wire few = (left_q[31:9] == 23'd0) & (left_q[8:0] <= room);
  wire taken = valid_q & burst_ready_i;

  always @(posedge clk_i) begin
    if (!valid_q) begin
      beats_q <= few ? left_q[8:0] : room;
      last_q <= few;
    end
    if (accept) begin
      addr_q <= first_q;
      left_q <= req_beats_i;
    end else if (taken) begin
      addr_q <= addr_q + ({31'd0, beats_q} << BEAT_LOG2);
      left_q <= left_q - {23'd0, beats_q};
    end
    if (!rst_ni || halt_i) begin
      active_q <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      active_q <= accept | (active_q & ~(taken & last_q));
      valid_q <= active_q & ~taken;
    end
  end

  assign burst_valid_o = valid_q;
  assign burst_addr_o = addr_q;
  assign burst_beats_o = beats_q;
  assign burst_last_o = last_q;
endmodule
