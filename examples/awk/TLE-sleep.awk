BEGIN {
    system("sleep 60")
    print 7
}
