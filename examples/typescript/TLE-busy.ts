let turns: number = 0;
while (turns >= 0) turns = (turns + 1) % 1_000_003;
console.log(turns);
