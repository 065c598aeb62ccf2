(sleep 60)
(display 7)
