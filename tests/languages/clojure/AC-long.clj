(with-open [in (java.io.BufferedReader. *in*)]
  (let [[total lines] (reduce (fn [[sum lines] line] [(+ sum (Long/parseLong line)) (inc lines)]) [0 0] (line-seq in))]
    (println lines total)))
