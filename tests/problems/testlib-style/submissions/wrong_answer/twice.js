// The same position twice: exit code 1.
console.log("1 1");
