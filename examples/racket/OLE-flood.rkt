#lang racket

(define line (make-string 1023 #\7))
(let loop ()
  (displayln line)
  (loop))
