add :: Int -> Int -> Int
add a b = a +

main :: IO ()
main = print (add 3 4)
