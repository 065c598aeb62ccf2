(defun down (n) (if (zerop n) 0 (1+ (down (1- n)))))
(format t "~d~%" (down (read)))
