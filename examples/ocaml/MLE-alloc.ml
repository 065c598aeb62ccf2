(* Filled, because only memory that is touched is memory in use. *)
let blocks = Array.init 2048 (fun _ -> Bytes.make (1 lsl 20) 'x')
let () = Printf.printf "%d\n" (Array.length blocks)
