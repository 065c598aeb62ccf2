import qualified Data.ByteString.Char8 as B
import Data.List (foldl')
import Data.Maybe (mapMaybe)

main :: IO ()
main = do
  numbers <- map fst . mapMaybe B.readInt . B.lines <$> B.getContents
  putStrLn (show (length numbers) ++ " " ++ show (foldl' (+) 0 numbers))
