const [, ...words] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/);
console.log(String(words.reduce((a, b) => a + BigInt(b), 0n)));
