// Performance counters: 32 bits each, cleared at the start of a run, wrapping.
module vg_counters (
  input  wire         clk_i,
  input  wire         clear_i,
  input  wire         run_i,        // count
  // One a counter: busy, no command, wait load, compute, store, drain; read and write beat; wait for weights, features.
  input  wire [9:0]   events_i,
  input  wire [3:0]   completed_i,  // commands completed in this cycle: load, compute, store, END
  output wire [31:0]  cycles_o,
  output wire [319:0] counts_o,     // of the events, the first in the low bits
  output wire [31:0]  commands_o
);
  reg [31:0] cycles_q, commands_q;
  wire [2:0] completed = {2'd0, completed_i[0]} + {2'd0, completed_i[1]} + {2'd0, completed_i[2]} + {2'd0, completed_i[3]};
  always @(posedge clk_i) begin
    if (clear_i) begin
      cycles_q <= 32'd0;
      commands_q <= 32'd0;
    end else if (run_i) begin
      cycles_q <= cycles_q + 32'd1;
      commands_q <= commands_q + {29'd0, completed};
    end
  end
  assign cycles_o = cycles_q;
  assign commands_o = commands_q;

  genvar i;
  generate
    for (i = 0; i < 10; i = i + 1) begin : g_event
      reg [31:0] count_q;
      always @(posedge clk_i) begin
        if (clear_i) count_q <= 32'd0;
        else if (run_i & events_i[i]) count_q <= count_q + 32'd1;
      end
      assign counts_o[32*i +: 32] = count_q;
    end
  endgenerate
endmodule
