// Not a word.
