#lang racket

(define-values (lines sum)
  (for/fold ([lines 0] [sum 0]) ([line (in-lines)])
    (values (+ lines 1) (+ sum (string->number line)))))
(printf "~a ~a\n" lines sum)
