console.log("one two");
