const r = Number(require("fs").readFileSync(0, "utf8"));
console.log("area", Math.PI * r * r);
