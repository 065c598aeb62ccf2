assert "{{LIMIT.tex}}" == "1\\,000" and "{{NOTHING}}"[:2] == "{" * 2
print(min(int(input()) + 1, {{LIMIT.value}}), open("note.txt").read())
