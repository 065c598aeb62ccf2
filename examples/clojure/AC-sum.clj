(require '[clojure.string :as str])

(println (reduce + (map #(Long/parseLong %) (str/split (read-line) #" "))))
