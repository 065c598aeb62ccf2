(defn down [n] (if (zero? n) 0 (inc (down (dec n)))))
(println (down (Long/parseLong (read-line))))
