#lang racket

; Two words joined, not two numbers added.
(displayln (string-replace (read-line) " " ""))
