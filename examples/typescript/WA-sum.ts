import { readFileSync } from 'node:fs';

// Two words joined, not two numbers added.
const [a, b]: string[] = readFileSync(0, 'utf8').trim().split(/\s+/);
console.log(a + b);
