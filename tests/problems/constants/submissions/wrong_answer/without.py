print(int(input()) + 1, "{{WORD}}")
