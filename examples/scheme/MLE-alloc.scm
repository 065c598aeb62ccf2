(use-modules (rnrs bytevectors))

; Filled, because only memory that is touched is memory in use.
(let loop ((i 0) (blocks '()))
  (if (< i 2048)
      (loop (+ i 1) (cons (make-bytevector 1048576 120) blocks))
      (begin (display (length blocks)) (newline))))
