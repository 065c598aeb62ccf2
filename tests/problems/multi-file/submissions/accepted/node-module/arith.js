exports.gcd = (a, b) => {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
};
