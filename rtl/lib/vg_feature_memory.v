// The banked feature memory: P banks of G-byte words; column c of a line lies in bank c mod P, word c div P.
// The array reads all banks on their own port. The other port is shared by rank: drain write (never waits), residual
// read, DMA; of the DMA's load and store that both wait, each goes once in turn. Reads answer two cycles after the
// accepting edge.
module vg_feature_memory #(
  parameter G = 8,          // bytes a word: 4, 8, 16
  parameter P = 7,          // banks, odd, 1..15
  parameter DEPTH = 4096,   // words a bank, power of two, <= 65536
  parameter W = 2           // words per DMA beat, 1..P
) (
  input  wire               clk_i,
  input  wire               rst_ni,
  // Array: one word of each bank, addresses per bank.
  input  wire               rd_en_i,
  input  wire [16*P-1:0]    rd_addr_i,
  output wire [8*G*P-1:0]   rd_data_o,
  // Drain: the same word address in every bank.
  input  wire               dw_valid_i,
  input  wire [15:0]        dw_addr_i,
  input  wire [G-1:0]       dw_be_i,
  input  wire [8*G*P-1:0]   dw_data_i,
  // Residual: the same word address in every bank.
  input  wire               rs_valid_i,
  output wire               rs_ready_o,
  input  wire [15:0]        rs_addr_i,
  output wire               rs_rvalid_o,
  output wire [8*G*P-1:0]   rs_data_o,
  // DMA load: word i of the beat to bank (bank+i) mod P, at addr, or addr+1 after the wrap.
  input  wire               ld_valid_i,
  output wire               ld_ready_o,
  input  wire [3:0]         ld_bank_i,
  input  wire [15:0]        ld_addr_i,
  input  wire [3:0]         ld_count_i,
  input  wire [8*G*W-1:0]   ld_data_i,
  // DMA store: as load; the answer comes in order, word i in lane i.
  input  wire               st_valid_i,
  output wire               st_ready_o,
  input  wire [3:0]         st_bank_i,
  input  wire [15:0]        st_addr_i,
  input  wire [3:0]         st_count_i,
  output wire               st_rvalid_o,
  output wire [8*G*W-1:0]   st_data_o
);
  localparam AB = $clog2(DEPTH);
  localparam [4:0] P5 = P[4:0];

  assign rs_ready_o = ~dw_valid_i;
  reg  store_turn_q; // a load went before a store that waits
  wire store_first = st_valid_i & (store_turn_q | ~ld_valid_i);
  wire dma_free = ~dw_valid_i & ~rs_valid_i;
  assign ld_ready_o = dma_free & ~store_first;
  assign st_ready_o = dma_free & store_first;
  wire store = st_ready_o;
  wire load = ld_valid_i & ld_ready_o;
  always @(posedge clk_i) begin
    if (!rst_ni) store_turn_q <= 1'b0;
    else if (dma_free) store_turn_q <= st_valid_i & ~store_first;
  end

  // Load and store share the beat-to-bank arithmetic.
  wire [3:0]  dma_bank = store_first ? st_bank_i : ld_bank_i;
  wire [15:0] dma_addr = store_first ? st_addr_i : ld_addr_i;
  wire [3:0]  dma_count = store_first ? st_count_i : ld_count_i;

  wire [8*G-1:0] b_rdata [0:P-1];
  genvar b;
  generate
    for (b = 0; b < P; b = b + 1) begin : g_bank
      localparam [4:0] BANK = b[4:0];
      // Position of this bank's word within the beat.
      wire       wrapped = (BANK < {1'b0, dma_bank});
      wire [4:0] index = BANK - {1'b0, dma_bank} + (wrapped ? P5 : 5'd0);
      wire       hit = (index < {1'b0, dma_count});
      wire [AB-1:0] dma_word = dma_addr[AB-1:0] + {{(AB-1){1'b0}}, wrapped};

      reg [8*G-1:0] beat_word;
      integer i;
      always @* begin
        beat_word = ld_data_i[8*G-1:0];
        for (i = 1; i < W; i = i + 1)
          if (index == i[4:0]) beat_word = ld_data_i[8*G*i +: 8*G];
      end

      wire          b_en = dw_valid_i | (rs_valid_i & rs_ready_o) | ((load | store) & hit);
      wire [G-1:0]  b_we = dw_valid_i ? dw_be_i : {G{load & hit}};
      wire [AB-1:0] b_addr = dw_valid_i ? dw_addr_i[AB-1:0] : (rs_valid_i ? rs_addr_i[AB-1:0] : dma_word);
      wire [8*G-1:0] b_wdata = dw_valid_i ? dw_data_i[8*G*b +: 8*G] : beat_word;
      vg_ram_1r1rw #(.BYTES(G), .DEPTH(DEPTH), .ADDR_BITS(AB)) u_ram (
        .clk_i(clk_i),
        .a_en_i(rd_en_i), .a_addr_i(rd_addr_i[16*b +: AB]), .a_data_o(rd_data_o[8*G*b +: 8*G]),
        .b_en_i(b_en), .b_we_i(b_we), .b_addr_i(b_addr), .b_data_i(b_wdata), .b_data_o(b_rdata[b])
      );
      assign rs_data_o[8*G*b +: 8*G] = b_rdata[b];
    end
  endgenerate

  // Answers two cycles later; the store's bank says how to rotate the words back.
  reg [1:0] rs_pending_q, st_pending_q;
  reg [3:0] st_bank1_q, st_bank2_q;
  always @(posedge clk_i) begin
    st_bank1_q <= st_bank_i;
    st_bank2_q <= st_bank1_q;
    if (!rst_ni) begin
      rs_pending_q <= 2'b00;
      st_pending_q <= 2'b00;
    end else begin
      rs_pending_q <= {rs_pending_q[0], rs_valid_i & rs_ready_o};
      st_pending_q <= {st_pending_q[0], store};
    end
  end
  assign rs_rvalid_o = rs_pending_q[1];
  assign st_rvalid_o = st_pending_q[1];

  genvar w;
  generate
    for (w = 0; w < W; w = w + 1) begin : g_word
      localparam [4:0] WORD = w[4:0];
      wire [4:0] sum = {1'b0, st_bank2_q} + WORD;
      wire [4:0] bank = (sum >= P5) ? sum - P5 : sum;
      reg [8*G-1:0] word;
      integer j;
      always @* begin
        word = b_rdata[0];
        for (j = 1; j < P; j = j + 1)
          if (bank == j[4:0]) word = b_rdata[j];
      end
      assign st_data_o[8*G*w +: 8*G] = word;
    end
  endgenerate

  // Range checks happen where addresses are made; the upper address bits end here.
  wire unused_ok = &{1'b0, rd_addr_i, dw_addr_i, rs_addr_i, dma_addr};
endmodule
