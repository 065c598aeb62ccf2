(sleep 60)
(format t "7~%")
