os.execute("sleep 60")
print(7)
