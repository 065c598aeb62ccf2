const blocks: Buffer[] = [];
while (blocks.length < 2048) {
  // Filled, because only memory that is touched is memory in use.
  blocks.push(Buffer.alloc(1 << 20, 'x'));
}
console.log(blocks.length);
