const { gcd } = require("./arith");
const [a, b] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(BigInt);
const g = gcd(a, b);
console.log(`${g} ${(a / g) * b}`);
