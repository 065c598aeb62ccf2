;;; check.lisp FILE: refuses a program with a form that does not end, or an end without a beginning. Nothing is evaluated,
;;; so what else the reader may not like, it may like when the forms before have run.
(let ((file (second sb-ext:*posix-argv*)) (*read-eval* nil) (end (list nil)))
  (flet ((refuse (what at)
           (format *error-output* "~a: ~a, after character ~a~%" file what at)
           (sb-ext:exit :code 1 :abort t)))
    (with-open-file (in file :external-format :utf-8)
      (let ((begin 0))
        (handler-case
            (loop (peek-char t in nil)
                  (setf begin (file-position in))
                  (when (eq (read in nil end) end) (return)))
          (end-of-file () (refuse "a form does not end" begin))
          (reader-error (e)
            (when (search "unmatched close parenthesis" (format nil "~a" e))
              (refuse "unmatched close parenthesis" begin)))
          (error ()))))))
