// The store engine: announces its commands to the bus master (vg_dma_request), reads their lines from the feature memory and
// hands them over as beats, strobes set for the words that exist. A read is asked for only when the buffer has room for its
// answer. A command is complete when its write responses have come.
module vg_store #(
  parameter G = 8,                 // lanes: 4, 8, 16
  parameter P = 7,                 // pixel lanes, odd, 1..15
  parameter AXI_BITS = 128,        // bus width, at most P*G*8
  parameter FEATURE_DEPTH = 4096,  // words a bank, <= 65536
  parameter QUEUE_DEPTH = 8        // commands in flight, >= 1
) (
  input  wire                  clk_i,
  input  wire                  rst_ni,
  input  wire                  clear_i,        // forget everything (while halted)
  input  wire                  halt_i,
  // Commands, as described in vg_dma_request.
  input  wire                  cmd_valid_i,
  output wire                  cmd_ready_o,
  input  wire [213:0]          cmd_i,
  input  wire [15:0]           done_load_i,
  input  wire [15:0]           done_compute_i,
  input  wire [15:0]           done_store_i,
  output wire                  done_pulse_o,
  // Bus master
  output wire                  req_valid_o,
  input  wire                  req_ready_i,
  input  wire                  req_error_i,
  output wire [31:0]           req_offset_o,
  output wire [31:0]           req_beats_o,
  output wire                  data_valid_o,
  input  wire                  data_ready_i,
  output wire [AXI_BITS-1:0]   data_o,
  output wire [AXI_BITS/8-1:0] strobe_o,
  input  wire                  written_i,      // pulse: all responses of the oldest request came
  input  wire                  write_error_i,  // pulse: a response of the oldest request was an error
  input  wire [1:0]            write_resp_i,
  // Feature memory; answers come in order.
  output wire                  st_valid_o,
  input  wire                  st_ready_i,
  output wire [3:0]            st_bank_o,
  output wire [15:0]           st_addr_o,
  output wire [3:0]            st_count_o,
  input  wire                  st_rvalid_i,
  input  wire [AXI_BITS-1:0]   st_rdata_i,
  output wire                  error_o,        // pulse
  output wire [7:0]            error_code_o,
  output wire [31:0]           error_index_o,
  output wire [31:0]           error_info_o
);
  localparam W = AXI_BITS / 8 / G;
  localparam BUFFER = 8; // beats asked for and not yet handed over; the memory's latency is 4 with the registers here
  localparam [3:0] CREDITS = 4'd8;
  localparam [7:0] ERROR_FEATURE = 8'd3, ERROR_WRITE = 8'd9;

  generate
    if (W < 1 || W * G * 8 != AXI_BITS) begin : g_refuse_width
      vg_axi_bits_must_be_a_multiple_of_8_g u_refused ();
    end
  endgenerate

  wire lines_ready, index_ready, slot_valid, request_error;
  wire [7:0] request_code;
  wire [31:0] request_index, request_info;
  vg_dma_request #(.W(W)) u_request (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt_i),
    .cmd_valid_i(cmd_valid_i), .cmd_ready_o(cmd_ready_o), .cmd_i(cmd_i),
    .done_load_i(done_load_i), .done_compute_i(done_compute_i), .done_store_i(done_store_i),
    .refuse_i(1'b0), .refuse_code_i(8'd0), .refuse_info_i(32'd0),
    .slot_ready_i(lines_ready & index_ready), .slot_valid_o(slot_valid),
    .req_valid_o(req_valid_o), .req_ready_i(req_ready_i), .req_error_i(req_error_i),
    .req_offset_o(req_offset_o), .req_beats_o(req_beats_o),
    .error_o(request_error), .error_code_o(request_code), .error_index_o(request_index), .error_info_o(request_info)
  );

  // Commands still to be read: {index, firstBank, W5, W4, W3}; indices of those whose responses are still to come.
  wire lines_valid, lines_pop, index_valid;
  wire [131:0] lines;
  wire [31:0] index;
  wire [$clog2(QUEUE_DEPTH+1)-1:0] lines_count, index_count;
  vg_fifo #(.WIDTH(132), .DEPTH(QUEUE_DEPTH)) u_lines_fifo (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(slot_valid), .wr_ready_o(lines_ready), .wr_data_i(cmd_i[213:82]),
    .rd_valid_o(lines_valid), .rd_ready_i(lines_pop), .rd_data_o(lines), .count_o(lines_count)
  );
  vg_fifo #(.WIDTH(32), .DEPTH(QUEUE_DEPTH)) u_index_fifo (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(slot_valid), .wr_ready_o(index_ready), .wr_data_i(cmd_i[213:182]),
    .rd_valid_o(index_valid), .rd_ready_i(written_i), .rd_data_o(index), .count_o(index_count)
  );

  // Reads: the walker's output registers, then those of the port.
  reg active_q, target_q, failed_q, read_q;
  reg [3:0] bank_q, count_q, credits_q;
  reg [15:0] addr_q;
  reg [31:0] target_index_q;
  reg credit_q; // credits_q != 0
  wire [16:0] line_addr;
  wire [3:0] line_bank, line_count;
  wire outside, line_last, line_final;
  wire advance = ~read_q | st_ready_i;
  wire ask = target_q & advance & credit_q & ~failed_q;
  wire good = ask & ~outside;
  wire handed = data_valid_o & data_ready_i;
  wire start = lines_valid & ~active_q;
  wire step = active_q & (~target_q | ask);
  assign lines_pop = step & line_final;
  vg_line_walker #(.P(P), .W(W), .DEPTH(FEATURE_DEPTH)) u_walker (
    .clk_i(clk_i), .start_i(start), .step_i(step), .final_o(line_final),
    .lines_i(lines[15:0]), .columns_i(lines[31:16]), .base_i(lines[47:32]), .line_stride_i(lines[63:48]),
    .lines_per_row_i(lines[79:64]), .row_stride_i(lines[95:80]), .first_bank_i(lines[99:96]),
    .bank_o(line_bank), .addr_o(line_addr), .count_o(line_count), .outside_o(outside), .last_o(line_last)
  );

  always @(posedge clk_i) begin
    if (step) target_index_q <= lines[131:100];
    if (advance) begin
      bank_q <= line_bank;
      addr_q <= line_addr[15:0];
      count_q <= line_count;
    end
    if (!rst_ni || halt_i) begin
      active_q <= 1'b0;
      target_q <= 1'b0;
      failed_q <= 1'b0;
      read_q <= 1'b0;
    end else begin
      active_q <= start | (active_q & ~lines_pop);
      target_q <= step | (target_q & ~ask);
      failed_q <= failed_q | (ask & outside);
      if (advance) read_q <= good;
    end
    if (!rst_ni || clear_i) begin
      credits_q <= CREDITS;
      credit_q <= 1'b1;
    end else if (good & ~handed) begin
      credits_q <= credits_q - 4'd1;
      credit_q <= (credits_q != 4'd1);
    end else if (handed & ~good) begin
      credits_q <= credits_q + 4'd1;
      credit_q <= 1'b1;
    end
  end

  assign st_valid_o = read_q;
  assign st_bank_o = bank_q;
  assign st_addr_o = addr_q;
  assign st_count_o = count_q;

  // Answers, and how many words of each count.
  wire data_room, count_room, count_valid;
  wire [3:0] words;
  wire [$clog2(BUFFER+1)-1:0] data_held, counts_held;
  vg_fifo #(.WIDTH(AXI_BITS), .DEPTH(BUFFER)) u_data (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(st_rvalid_i), .wr_ready_o(data_room), .wr_data_i(st_rdata_i),
    .rd_valid_o(data_valid_o), .rd_ready_i(data_ready_i), .rd_data_o(data_o), .count_o(data_held)
  );
  vg_fifo #(.WIDTH(4), .DEPTH(BUFFER)) u_counts (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(good), .wr_ready_o(count_room), .wr_data_i(line_count),
    .rd_valid_o(count_valid), .rd_ready_i(handed), .rd_data_o(words), .count_o(counts_held)
  );
  genvar i;
  generate
    for (i = 0; i < W; i = i + 1) begin : g_strobe
      localparam [31:0] POSITION = i;
      assign strobe_o[i*G +: G] = {G{words > POSITION[3:0]}};
    end
  endgenerate

  assign done_pulse_o = written_i;

  // Errors: a bad response, a word outside the memory, a bad request.
  reg data_error_q;
  reg [7:0] data_code_q;
  reg [31:0] data_index_q, data_info_q;
  always @(posedge clk_i) begin
    data_code_q <= write_error_i ? ERROR_WRITE : ERROR_FEATURE;
    data_index_q <= write_error_i ? index : target_index_q;
    data_info_q <= write_error_i ? {30'd0, write_resp_i} : {15'd0, line_addr};
    if (!rst_ni || halt_i) data_error_q <= 1'b0;
    else data_error_q <= write_error_i | (ask & outside);
  end

  assign error_o = data_error_q | request_error;
  assign error_code_o = data_error_q ? data_code_q : request_code;
  assign error_index_o = data_error_q ? data_index_q : request_index;
  assign error_info_o = data_error_q ? data_info_q : request_info;

  wire unused_ok = &{1'b0, line_last, lines_count, index_valid, index_count, data_room, count_room, count_valid, data_held,
                     counts_held};
endmodule
