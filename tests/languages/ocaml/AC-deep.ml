let rec down n = if n = 0 then 0 else 1 + down (n - 1)
let () = Printf.printf "%d\n" (down (read_int ()))
