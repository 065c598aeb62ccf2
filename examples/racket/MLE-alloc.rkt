#lang racket

; Filled, because only memory that is touched is memory in use.
(define blocks (for/list ([i 2048]) (make-bytes 1048576 120)))
(displayln (length blocks))
