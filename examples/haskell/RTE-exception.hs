main :: IO ()
main = do
  line <- getLine
  print (map length (words line) !! 3)
