package main

func one(n int) int { return n + 1 }
