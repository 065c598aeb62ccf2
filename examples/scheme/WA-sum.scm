; Two words joined, not two numbers added.
(use-modules (ice-9 rdelim))
(display (string-delete #\space (read-line)))
(newline)
