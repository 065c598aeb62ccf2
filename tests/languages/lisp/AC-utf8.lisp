(write-line (read-line))
(write-line "ầ😀")
