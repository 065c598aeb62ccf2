puts gets.not_nil!.split.map(&.to_i64).sum
