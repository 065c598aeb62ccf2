const sum = (a: number, b: number): number => a + b;
console.log(sum(3, 'four'));
