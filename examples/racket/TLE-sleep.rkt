#lang racket

(sleep 60)
(displayln 7)
