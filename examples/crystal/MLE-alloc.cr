# Cleared, because only memory that is touched is memory in use.
blocks = Array.new(2048) { Bytes.new(1 << 20) }
puts blocks.size
