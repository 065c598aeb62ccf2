(Thread/sleep 60000)
(println 7)
