// Only the second part of hard is right; the sample and everything else is wrong.
// @EXPECTED_SCORE@: 30
const a = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).slice(1).map(Number).sort((x, y) => y - x);
console.log(a[0] < -1000 ? a[0] + a[1] : a[0] - a[1] + 1e6);
