let values = [| 1; 2; 3 |]
let () = Scanf.scanf " %d" (fun index -> print_int values.(index))
