(use-modules (ice-9 rdelim))

(let loop ((lines 0) (sum 0))
  (let ((line (read-line)))
    (if (eof-object? line)
        (begin (display lines) (display " ") (display sum) (newline))
        (loop (+ lines 1) (+ sum (string->number line))))))
