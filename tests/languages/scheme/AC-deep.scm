(define (down n) (if (zero? n) 0 (+ 1 (down (- n 1)))))
(display (down (read)))
(newline)
