down :: Int -> Int
down n = if n == 0 then 0 else 1 + down (n - 1)
{-# NOINLINE down #-}

main :: IO ()
main = readLn >>= print . down
