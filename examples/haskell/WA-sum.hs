-- Two words joined, not two numbers added.
main :: IO ()
main = getLine >>= putStrLn . concat . words
