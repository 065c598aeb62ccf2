(let ((line (make-string 1023 :initial-element #\7)))
  (loop (write-line line)))
