; check.clj FILE: refuses a program with a form that does not end, or an end without a beginning. Nothing is evaluated,
; so what else the reader may not like, it may like when the forms before have run.
(let [file (first *command-line-args*)]
  (with-open [in (clojure.lang.LineNumberingPushbackReader.
                  (java.io.InputStreamReader. (java.io.FileInputStream. file) "UTF-8"))]
    (let [line #(.getLineNumber in)
          said (binding [*read-eval* false]
                 (try
                   (while (not= ::end (read {:read-cond :allow :eof ::end} in)))
                   nil
                   (catch Throwable e (str (.getMessage e)))))]
      (when (and said (re-find #"EOF while reading|Unmatched delimiter" said))
        (binding [*out* *err*] (println (str file ":" (line) ": " said)))
        (System/exit 1)))))
