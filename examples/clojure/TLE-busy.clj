(loop [turns 0]
  (if (neg? turns) (println turns) (recur (rem (inc turns) 1000003))))
