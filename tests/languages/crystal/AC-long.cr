count = 0
sum = 0_i64
STDIN.each_line do |line|
  count += 1
  sum += line.to_i64
end
puts "#{count} #{sum}"
