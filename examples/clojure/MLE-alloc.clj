; Filled, because only memory that is touched is memory in use.
(def blocks (mapv (fn [_] (byte-array 1048576 (byte 1))) (range 2048)))
(println (count blocks))
