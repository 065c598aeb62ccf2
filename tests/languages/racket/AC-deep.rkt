#lang racket

(define (down n) (if (zero? n) 0 (+ 1 (down (- n 1)))))
(displayln (down (read)))
