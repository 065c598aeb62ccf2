let add a b = a +

let () = print_int (add 3 4)
