; Two words joined, not two numbers added.
(println (clojure.string/replace (read-line) " " ""))
