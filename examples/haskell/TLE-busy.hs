import Data.IORef

busy :: IORef Int -> IO ()
busy turns = do
  n <- readIORef turns
  if n < 0 then print n else writeIORef turns ((n + 1) `mod` 1000003) >> busy turns

main :: IO ()
main = newIORef 0 >>= busy
