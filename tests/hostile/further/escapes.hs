-- What a program in Haskell can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
{-# LANGUAGE ForeignFunctionInterface #-}
module Main (main) where

import Control.Exception (IOException, try)
import Data.Char (toUpper)
import Data.List (find, isInfixOf)
import Foreign.C.Types (CInt (..))
import System.Directory (copyFile, createFileLink, renameFile)
import System.Environment (getEnvironment)
import System.Exit (ExitCode (..), exitWith)
import System.IO (IOMode (..), hGetChar, hPutStr, openFile, withBinaryFile, withFile)
import System.Posix.Files (setFileMode)
import System.Posix.User (setUserID)
import System.Process (readCreateProcessWithExitCode, shell)

foreign import ccall unsafe "socket" c_socket :: CInt -> CInt -> CInt -> IO CInt
foreign import ccall unsafe "unshare" c_unshare :: CInt -> IO CInt

data Attack = ATTACK String String (IO Bool)

runs :: String -> IO Bool
runs command = (\(status, _, _) -> status == ExitSuccess) <$> readCreateProcessWithExitCode (shell command) ""

done :: IO a -> IO Bool
done action = True <$ action

secret :: (String, String) -> Bool
secret (name, _) = any (`isInfixOf` map toUpper name) ["KEY", "TOKEN", "SECRET", "PASS", "AMQP", "DOCKER"]

attacks :: [Attack]
attacks =
  [ ATTACK "network" "tcp" $ runs "bash -c 'exec 3<>/dev/tcp/93.184.215.14/80'"
  , ATTACK "network" "names" $ runs "getent hosts example.com"
  , ATTACK "sockets" "inet stream" $ (>= 0) <$> c_socket 2 1 0
  , ATTACK "other processes" "environment of the runner" $ done (withBinaryFile "/proc/1/environ" ReadMode hGetChar)
  , ATTACK "privileges" "root by call" $ done (setUserID 0)
  , ATTACK "privileges" "a setuid program" $ runs "su -c true"
  , ATTACK "namespaces" "mounts" $ (== 0) <$> c_unshare 0x20000
  , ATTACK "files" "the root" $ done (withFile "/x" WriteMode (`hPutStr` "x"))
  , ATTACK "files" "through a link" $ done (createFileLink "/etc/passwd" "/tmp/link" >> openFile "/tmp/link" AppendMode)
  , ATTACK "files" "names of the root" $ done (renameFile "/etc/passwd" "/etc/users")
  , ATTACK "code" "run in the working directory" $ copyFile "/bin/true" "/app/work/copy" >> setFileMode "/app/work/copy" 0o755 >> runs "/app/work/copy"
  , ATTACK "what is kept secret" "in the environment" $ any secret <$> getEnvironment
  ]

main :: IO ()
main = do
  wanted <- getLine
  case find (\(ATTACK _ name _) -> name == wanted) attacks of
    Nothing -> exitWith (ExitFailure 3)
    Just (ATTACK _ _ attempt) -> do
      through <- try attempt :: IO (Either IOException Bool)
      putStrLn $ if either (const False) id through then "through: " ++ wanted else "contained"
