(let ((lines 0) (sum 0))
  (loop for line = (read-line *standard-input* nil)
        while line
        do (incf lines)
           (incf sum (parse-integer line)))
  (format t "~d ~d~%" lines sum))
