(let [line (apply str (repeat 1023 "7"))]
  (while true (println line)))
