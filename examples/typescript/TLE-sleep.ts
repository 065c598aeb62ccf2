setTimeout(() => console.log(7), 60_000);
