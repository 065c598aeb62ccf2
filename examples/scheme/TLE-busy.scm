(let loop ((turns 0))
  (if (< turns 0)
      (display turns)
      (loop (modulo (+ turns 1) 1000003))))
