package main

func answer() string {
	return "6 37"
}
