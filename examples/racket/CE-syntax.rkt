#lang racket

(define (add a b)
  (+ a b)

(displayln (add 3 4))
