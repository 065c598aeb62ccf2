;;; Filled, because only memory that is touched is memory in use.
(defvar *blocks*
  (loop repeat 2048
        collect (make-array 1048576 :element-type '(unsigned-byte 8) :initial-element 120)))
(format t "~d~%" (length *blocks*))
