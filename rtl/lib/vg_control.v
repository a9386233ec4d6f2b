// The life of a run: start, run, halt, report. The first error is kept. A run that ends, for whatever reason, first lets the
// bus come to rest; if the bus does not (timeout), it reports all the same, and starts fail until the bus is at rest.
module vg_control (
  input  wire         clk_i,
  input  wire         rst_ni,
  input  wire         start_i,         // pulse; ignored while busy
  input  wire         abort_i,         // pulse; ignored while idle
  input  wire         end_i,           // END reached, everything complete
  input  wire         bus_idle_i,
  input  wire         compute_idle_i,
  input  wire         read_expired_i,  // timeouts
  input  wire         write_expired_i,
  input  wire [31:0]  next_index_i,    // command that dispatch looks at, for errors that belong to none
  // Errors, pulses, in order of rank: compute, load, store, dispatch (low bits first).
  input  wire [3:0]   error_i,
  input  wire [31:0]  codes_i,
  input  wire [127:0] indices_i,
  input  wire [127:0] infos_i,
  output wire         busy_o,
  output wire         clear_o,         // first cycle of a run: forget everything
  output wire         halt_o,          // issue nothing
  output wire         done_o,          // pulse
  output wire         error_o,         // pulse
  output wire [7:0]   error_code_o,
  output wire [31:0]  error_command_o,
  output wire [31:0]  error_info_o
);
  localparam [7:0] ERROR_TIMEOUT = 8'd10, ERROR_ABORTED = 8'd12;
  localparam [1:0] IDLE = 2'd0, CLEAR = 2'd1, RUN = 2'd2, HALT = 2'd3;
  localparam [6:0] SHORT = 7'd8, LONG = 7'd127; // cycles after which pipelines are empty: engines at rest, in any case

  reg [1:0] state_q;
  reg failed_q, done_q, error_q;
  reg abort_q; // an abort in the first cycle of a run
  reg [6:0] settle_q;
  reg settled_q;
  reg [7:0] code_q;
  reg [31:0] index_q, info_q;
  wire expired = read_expired_i | write_expired_i;
  wire stop = (error_i != 4'd0) | expired | abort_i | abort_q;
  wire rest = (settled_q & bus_idle_i) | expired;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      failed_q <= 1'b0;
      done_q <= 1'b0;
      error_q <= 1'b0;
      abort_q <= 1'b0;
      settle_q <= 7'd0;
      settled_q <= 1'b0;
    end else begin
      done_q <= 1'b0;
      error_q <= 1'b0;
      abort_q <= (state_q == CLEAR) & abort_i;
      settle_q <= (state_q != HALT) ? 7'd0 : (settle_q == LONG) ? LONG : settle_q + 7'd1;
      settled_q <= (state_q == HALT) & (~failed_q | (settle_q == LONG) | ((settle_q >= SHORT) & compute_idle_i));
      case (state_q)
        IDLE:
          if (start_i) begin
            failed_q <= ~bus_idle_i;
            error_q <= ~bus_idle_i;
            if (bus_idle_i) state_q <= CLEAR;
          end
        CLEAR: state_q <= RUN;
        RUN:
          if (stop) begin
            failed_q <= 1'b1;
            state_q <= HALT;
          end else if (end_i) state_q <= HALT;
        default:
          if (rest) begin
            done_q <= ~failed_q & ~expired;
            error_q <= failed_q | expired;
            failed_q <= failed_q | expired;
            state_q <= IDLE;
          end
      endcase
    end
  end

  // What went wrong first.
  always @(posedge clk_i) begin
    if (!rst_ni || (state_q == CLEAR)) begin
      code_q <= 8'd0;
      index_q <= 32'd0;
      info_q <= 32'd0;
    end else if ((state_q == RUN) & (error_i != 4'd0)) begin
      code_q <= error_i[0] ? codes_i[7:0] : error_i[1] ? codes_i[15:8] : error_i[2] ? codes_i[23:16] : codes_i[31:24];
      index_q <= error_i[0] ? indices_i[31:0] : error_i[1] ? indices_i[63:32] : error_i[2] ? indices_i[95:64] : indices_i[127:96];
      info_q <= error_i[0] ? infos_i[31:0] : error_i[1] ? infos_i[63:32] : error_i[2] ? infos_i[95:64] : infos_i[127:96];
    end else if (((state_q == RUN) & stop) | ((state_q == HALT) & ~failed_q & expired) |
                 ((state_q == IDLE) & start_i & ~bus_idle_i)) begin
      code_q <= ((state_q == RUN) & ~expired) ? ERROR_ABORTED : ERROR_TIMEOUT;
      index_q <= next_index_i;
      info_q <= {30'd0, write_expired_i, read_expired_i};
    end
  end

  assign busy_o = (state_q != IDLE);
  assign clear_o = (state_q == CLEAR);
  assign halt_o = (state_q != RUN);
  assign done_o = done_q;
  assign error_o = error_q;
  assign error_code_o = code_q;
  assign error_command_o = index_q;
  assign error_info_o = info_q;
endmodule
