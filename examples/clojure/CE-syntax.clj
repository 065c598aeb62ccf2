(defn add [a b]
  (+ a b)

(println (add 3 4))
