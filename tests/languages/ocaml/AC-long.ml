let rec total count sum =
  match input_line stdin with
  | line -> total (count + 1) (sum + int_of_string line)
  | exception End_of_file -> Printf.printf "%d %d\n" count sum

let () = total 0 0
