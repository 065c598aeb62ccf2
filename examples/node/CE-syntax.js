const sum = (a, b) => a + ;
console.log(sum(3, 4));
