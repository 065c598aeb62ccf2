(* What a program in OCaml can try, as escapes.c does for C: an exception, or what is not true, is `contained`. *)
type attack = ATTACK of string * string * (unit -> bool)

let runs command = Sys.command (command ^ " </dev/null >/dev/null 2>&1") = 0
let opens path flags = ignore (Unix.openfile path flags 0o600); true
let connects family address = Unix.connect (Unix.socket family Unix.SOCK_STREAM 0) address; true

let listens () =
  let ear = Unix.socket Unix.PF_INET Unix.SOCK_STREAM 0 in
  Unix.bind ear (Unix.ADDR_INET (Unix.inet_addr_loopback, 0));
  Unix.listen ear 1;
  true

let secret = Str.regexp_case_fold "[^=]*\\(KEY\\|TOKEN\\|SECRET\\|PASS\\|AMQP\\|DOCKER\\)"

let attacks = [
  ATTACK ("network", "tcp", fun () -> connects Unix.PF_INET (Unix.ADDR_INET (Unix.inet_addr_of_string "93.184.215.14", 80)));
  ATTACK ("network", "names", fun () -> Array.length (Unix.gethostbyname "example.com").Unix.h_addr_list > 0);
  ATTACK ("network", "listen", listens);
  ATTACK ("sockets", "the engine", fun () -> connects Unix.PF_UNIX (Unix.ADDR_UNIX "/var/run/docker.sock"));
  ATTACK ("other processes", "environment of the runner", fun () -> input_char (open_in_bin "/proc/1/environ") <> '\000');
  ATTACK ("privileges", "root by call", fun () -> Unix.setuid 0; true);
  ATTACK ("privileges", "a setuid program", fun () -> runs "su -c true");
  ATTACK ("mounts", "another root", fun () -> Unix.chroot "/tmp"; true);
  ATTACK ("files", "the root", fun () -> opens "/x" [Unix.O_WRONLY; Unix.O_CREAT]);
  ATTACK ("files", "modes of the root", fun () -> Unix.chmod "/etc/passwd" 0o666; true);
  ATTACK ("files", "the root by another program", fun () -> runs "touch /x");
  ATTACK ("code", "run in the working directory", fun () -> runs "cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy");
  ATTACK ("what is kept secret", "in the environment", fun () -> Array.exists (fun entry -> Str.string_match secret entry 0) (Unix.environment ()));
]

let () =
  let wanted = String.trim (input_line stdin) in
  let (ATTACK (_, _, attempt)) = List.find (fun (ATTACK (_, name, _)) -> name = wanted) attacks in
  let through = try attempt () with Unix.Unix_error _ | Sys_error _ | Not_found | End_of_file -> false in
  print_endline (if through then "through: " ^ wanted else "contained")
