// The load engine: asks for the data of its commands ahead of time (vg_dma_request) and writes the beats that come back, in
// order, to the feature, weight, parameter or table memory. Up to QUEUE_DEPTH commands may be in flight. Every address is
// checked: weights, parameters and tables before anything is read, features beat by beat before the beat is written.
module vg_load #(
  parameter G = 8,                  // lanes: 4, 8, 16
  parameter M = 8,                  // output channels, power of two
  parameter P = 7,                  // pixel lanes, odd, 1..15
  parameter R = 2,                  // drained channels, divides M
  parameter AXI_BITS = 128,         // bus width; at most P*G*8, M*G*8 and R*128
  parameter FEATURE_DEPTH = 4096,   // words a bank, <= 65536
  parameter WEIGHT_DEPTH = 4096,    // words, <= 65536
  parameter PARAMETER_DEPTH = 512,  // words, <= 65536
  parameter QUEUE_DEPTH = 8         // commands in flight, >= 1
) (
  input  wire                clk_i,
  input  wire                rst_ni,
  input  wire                clear_i,        // forget everything (while halted)
  input  wire                halt_i,
  // Commands, as described in vg_dma_request.
  input  wire                cmd_valid_i,
  output wire                cmd_ready_o,
  input  wire [213:0]        cmd_i,
  input  wire [15:0]         done_load_i,
  input  wire [15:0]         done_compute_i,
  input  wire [15:0]         done_store_i,
  output wire                done_pulse_o,   // a command's data is all written
  output reg                 words_on_way_o, // in the cycle before, the oldest data asked for were weights, parameters or tables
  output reg                 features_on_way_o, // they were features
  // Bus master
  output wire                req_valid_o,
  input  wire                req_ready_i,
  input  wire                req_error_i,
  output wire [31:0]         req_offset_o,
  output wire [31:0]         req_beats_o,
  input  wire                data_valid_i,
  output wire                data_ready_o,
  input  wire [AXI_BITS-1:0] data_i,
  input  wire                data_error_i,
  input  wire [1:0]          data_resp_i,
  // Memories
  output wire                ld_valid_o,
  input  wire                ld_ready_i,
  output wire [3:0]          ld_bank_o,
  output wire [15:0]         ld_addr_o,
  output wire [3:0]          ld_count_o,
  output wire                wt_we_o,
  output wire                pm_we_o,
  output wire                tb_we_a_o,
  output wire                tb_we_b_o,
  output wire [15:0]         word_addr_o,    // of weights and parameters; tables: 8:0
  output wire [7:0]          word_slice_o,   // of weights and parameters
  output wire [AXI_BITS-1:0] data_o,         // for all of them
  output wire [35:0]         tb_data_b_o,
  output wire                error_o,        // pulse
  output wire [7:0]          error_code_o,
  output wire [31:0]         error_index_o,
  output wire [31:0]         error_info_o
);
  localparam W = AXI_BITS / 8 / G;
  localparam [31:0] WEIGHT_SLICES = M * G * 8 / AXI_BITS;
  localparam [31:0] PARAMETER_SLICES = R * 128 / AXI_BITS;
  localparam [31:0] TABLE_SLICES = (AXI_BITS == 64) ? 2 : 1;
  localparam [7:0] WEIGHT_LAST = WEIGHT_SLICES[7:0] - 8'd1;
  localparam [7:0] PARAMETER_LAST = PARAMETER_SLICES[7:0] - 8'd1;
  localparam [7:0] TABLE_LAST = TABLE_SLICES[7:0] - 8'd1;
  localparam WEIGHT_SHIFT = $clog2(WEIGHT_SLICES);
  localparam PARAMETER_SHIFT = $clog2(PARAMETER_SLICES);
  localparam [31:0] WEIGHT_WORDS = WEIGHT_DEPTH;
  localparam [31:0] PARAMETER_WORDS = PARAMETER_DEPTH;
  localparam [1:0] FEATURES = 2'd0, WEIGHTS = 2'd1, PARAMETERS = 2'd2, TABLES = 2'd3;
  localparam [7:0] ERROR_FEATURE = 8'd3, ERROR_WEIGHT = 8'd4, ERROR_PARAMETER = 8'd5, ERROR_READ = 8'd8;

  generate
    if (W < 1 || W * G * 8 != AXI_BITS) begin : g_refuse_width
      vg_axi_bits_must_be_a_multiple_of_8_g u_refused ();
    end
    if (WEIGHT_SLICES < 1 || WEIGHT_SLICES > 256 || WEIGHT_SLICES * AXI_BITS != M * G * 8) begin : g_refuse_weights
      vg_a_weight_word_must_be_1_to_256_whole_beats u_refused ();
    end
    if (PARAMETER_SLICES < 1 || PARAMETER_SLICES > 256 || PARAMETER_SLICES * AXI_BITS != R * 128) begin : g_refuse_params
      vg_a_parameter_word_must_be_1_to_256_whole_beats u_refused ();
    end
    if (FEATURE_DEPTH > 65536 || WEIGHT_DEPTH > 65536 || PARAMETER_DEPTH > 65536) begin : g_refuse_depth
      vg_memories_must_not_be_deeper_than_65536 u_refused ();
    end
  endgenerate

  // Ranges of weight, parameter and table loads, two steps.
  wire [1:0] kind = cmd_i[1:0];
  wire [15:0] first = cmd_i[129:114];
  wire [31:0] words = (kind == WEIGHTS) ? cmd_i[113:82] >> WEIGHT_SHIFT : cmd_i[113:82] >> PARAMETER_SHIFT;
  reg [32:0] end_q;
  reg refuse_q;
  always @(posedge clk_i) begin
    end_q <= {1'b0, words} + {17'd0, first};
    case (kind)
      WEIGHTS: refuse_q <= (end_q > {1'b0, WEIGHT_WORDS});
      PARAMETERS: refuse_q <= (end_q > {1'b0, PARAMETER_WORDS});
      TABLES: refuse_q <= (first[15:1] != 15'd0);
      default: refuse_q <= 1'b0; // checked beat by beat
    endcase
  end

  wire slot_ready, slot_valid, request_error;
  wire [7:0] request_code;
  wire [31:0] request_index, request_info;
  vg_dma_request #(.W(W)) u_request (
    .clk_i(clk_i), .rst_ni(rst_ni), .halt_i(halt_i),
    .cmd_valid_i(cmd_valid_i), .cmd_ready_o(cmd_ready_o), .cmd_i(cmd_i),
    .done_load_i(done_load_i), .done_compute_i(done_compute_i), .done_store_i(done_store_i),
    .refuse_i(refuse_q), .refuse_code_i((kind == WEIGHTS) ? ERROR_WEIGHT : ERROR_PARAMETER),
    .refuse_info_i({16'd0, first}),
    .slot_ready_i(slot_ready), .slot_valid_o(slot_valid),
    .req_valid_o(req_valid_o), .req_ready_i(req_ready_i), .req_error_i(req_error_i),
    .req_offset_o(req_offset_o), .req_beats_o(req_beats_o),
    .error_o(request_error), .error_code_o(request_code), .error_index_o(request_index), .error_info_o(request_info)
  );

  // Commands whose data is under way: {index, firstBank, W5, W4, W3, kind}.
  wire flight_valid, flight_pop;
  wire [133:0] flight;
  wire [$clog2(QUEUE_DEPTH+1)-1:0] flight_count;
  vg_fifo #(.WIDTH(134), .DEPTH(QUEUE_DEPTH)) u_flight (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i),
    .wr_valid_i(slot_valid), .wr_ready_o(slot_ready), .wr_data_i({cmd_i[213:82], cmd_i[1:0]}),
    .rd_valid_o(flight_valid), .rd_ready_i(flight_pop), .rd_data_o(flight), .count_o(flight_count)
  );
  wire [1:0] flight_kind = flight[1:0];

  // Where the next beat goes: step by step the command at the head of the queue fills the walkers' output registers.
  reg active_q, target_q, failed_q;
  reg [1:0] kind_q;
  reg [31:0] index_q;
  wire start, step, beat;
  wire [16:0] line_addr;
  wire [3:0] line_bank, line_count;
  wire line_outside, line_last, line_final, word_last, word_final;
  wire [15:0] word_addr;
  wire [7:0] word_slice;
  vg_line_walker #(.P(P), .W(W), .DEPTH(FEATURE_DEPTH)) u_lines (
    .clk_i(clk_i), .start_i(start), .step_i(step), .final_o(line_final),
    .lines_i(flight[17:2]), .columns_i(flight[33:18]), .base_i(flight[49:34]), .line_stride_i(flight[65:50]),
    .lines_per_row_i(flight[81:66]), .row_stride_i(flight[97:82]), .first_bank_i(flight[101:98]),
    .bank_o(line_bank), .addr_o(line_addr), .count_o(line_count), .outside_o(line_outside), .last_o(line_last)
  );
  // Tables: the word is the entry, {bank, index}.
  vg_word_walker u_words (
    .clk_i(clk_i), .start_i(start), .step_i(step), .final_o(word_final), .beats_i(flight[33:2]),
    .first_i((flight_kind == TABLES) ? {7'd0, flight[34], 8'd0} : flight[49:34]),
    .last_slice_i((flight_kind == WEIGHTS) ? WEIGHT_LAST : (flight_kind == PARAMETERS) ? PARAMETER_LAST : TABLE_LAST),
    .word_o(word_addr), .slice_o(word_slice), .last_o(word_last)
  );
  assign start = flight_valid & ~active_q;
  assign step = active_q & (~target_q | beat);
  assign flight_pop = step & ((flight_kind == FEATURES) ? line_final : word_final);

  // One register between the bus and the memories.
  reg features_q, weights_q, parameters_q, table_a_q, table_b_q, last_q;
  reg [AXI_BITS-1:0] data_q;
  reg [3:0] bank_q, count_q;
  reg [15:0] feature_addr_q, word_addr_q;
  reg [7:0] slice_q;
  reg done_q;
  wire advance = ~features_q | ld_ready_i;
  wire to_features = (kind_q == FEATURES);
  assign data_ready_o = target_q & advance & ~failed_q;
  assign beat = data_valid_i & data_ready_o;
  wire good = beat & ~data_error_i & ~(to_features & line_outside);

  always @(posedge clk_i) begin
    if (step) begin
      kind_q <= flight_kind;
      index_q <= flight[133:102];
    end
    if (advance) begin
      data_q <= data_i;
      bank_q <= line_bank;
      count_q <= line_count;
      feature_addr_q <= line_addr[15:0];
      word_addr_q <= word_addr;
      slice_q <= word_slice;
    end
    if (!rst_ni || halt_i) begin
      active_q <= 1'b0;
      target_q <= 1'b0;
      failed_q <= 1'b0;
      features_q <= 1'b0;
      weights_q <= 1'b0;
      parameters_q <= 1'b0;
      table_a_q <= 1'b0;
      table_b_q <= 1'b0;
      last_q <= 1'b0;
      done_q <= 1'b0;
    end else begin
      active_q <= start | (active_q & ~flight_pop);
      target_q <= step | (target_q & ~beat);
      failed_q <= failed_q | (beat & ~good);
      done_q <= advance & last_q;
      if (advance) begin
        features_q <= good & to_features;
        weights_q <= good & (kind_q == WEIGHTS);
        parameters_q <= good & (kind_q == PARAMETERS);
        table_a_q <= good & (kind_q == TABLES) & ~word_slice[0];
        table_b_q <= good & (kind_q == TABLES) & (word_slice[0] | (TABLE_LAST == 8'd0));
        last_q <= good & (to_features ? line_last : word_last);
      end
    end
  end

  assign ld_valid_o = features_q;
  assign ld_bank_o = bank_q;
  assign ld_addr_o = feature_addr_q;
  assign ld_count_o = count_q;
  assign wt_we_o = weights_q;
  assign pm_we_o = parameters_q;
  assign tb_we_a_o = table_a_q;
  assign tb_we_b_o = table_b_q;
  assign word_addr_o = word_addr_q;
  assign word_slice_o = slice_q;
  assign data_o = data_q;
  generate
    if (AXI_BITS == 64) begin : g_table_two_beats
      assign tb_data_b_o = data_q[35:0];
    end else begin : g_table_one_beat
      assign tb_data_b_o = data_q[99:64];
    end
  endgenerate
  assign done_pulse_o = done_q;

  // For the counters: what was asked for and is not yet written.
  wire on_way = flight_valid | target_q | last_q | done_q;
  wire way_features = ((target_q | ~flight_valid) ? kind_q : flight_kind) == FEATURES;
  always @(posedge clk_i) begin
    words_on_way_o <= on_way & ~way_features;
    features_on_way_o <= on_way & way_features;
  end

  // Errors of the data side; those of the request side come on their own.
  reg data_error_q;
  reg [7:0] data_code_q;
  reg [31:0] data_index_q, data_info_q;
  always @(posedge clk_i) begin
    data_code_q <= data_error_i ? ERROR_READ : ERROR_FEATURE;
    data_index_q <= index_q;
    data_info_q <= data_error_i ? {30'd0, data_resp_i} : {15'd0, line_addr};
    if (!rst_ni || halt_i) data_error_q <= 1'b0;
    else data_error_q <= beat & ~good;
  end

  assign error_o = data_error_q | request_error;
  assign error_code_o = data_error_q ? data_code_q : request_code;
  assign error_index_o = data_error_q ? data_index_q : request_index;
  assign error_info_o = data_error_q ? data_info_q : request_info;

  wire unused_ok = &{1'b0, flight_count};
endmodule
