import Control.Monad (forever)

main :: IO ()
main = forever (putStrLn (replicate 78 '7'))
