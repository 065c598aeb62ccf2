// @EXPECTED_SCORE@: 0
console.log("fifty");
