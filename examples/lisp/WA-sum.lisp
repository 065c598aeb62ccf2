;;; Two words joined, not two numbers added.
(format t "~a~%" (remove #\Space (read-line)))
