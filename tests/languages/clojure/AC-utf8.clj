(println (read-line))
(println "ầ😀")
