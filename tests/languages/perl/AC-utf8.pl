print scalar <STDIN>, "ầ😀\n";
