#lang racket

(displayln (read-line))
(displayln "ầ😀")
