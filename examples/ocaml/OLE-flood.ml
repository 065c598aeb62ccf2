let line = String.make 1023 '7'

let () =
  while true do
    print_endline line
  done
