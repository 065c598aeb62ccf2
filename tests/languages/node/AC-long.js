const { readFileSync } = require('node:fs');

const numbers = readFileSync(0, 'utf8').trimEnd().split('\n').map(Number);
console.log(numbers.length, numbers.reduce((sum, number) => sum + number, 0));
