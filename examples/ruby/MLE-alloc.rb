# Filled, because only memory that is touched is memory in use.
blocks = Array.new(2048) { 'x' * (1 << 20) }
puts blocks.size
