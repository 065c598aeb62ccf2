add <- function(a, b) {
  a +
}
print(add(3, 4))
