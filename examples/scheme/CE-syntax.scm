(define (add a b)
  (+ a b)

(display (add 3 4))
