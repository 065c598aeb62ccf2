import qualified Data.ByteString.Char8 as B
import Control.Exception (evaluate)

-- Filled, because only memory that is touched is memory in use.
main :: IO ()
main = do
  blocks <- mapM (\n -> evaluate (B.replicate (1048576 + n) 'x')) [1 .. 2048]
  print (sum (map B.length blocks))
