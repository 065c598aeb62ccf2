console.log("hello, judge, how are you?");
