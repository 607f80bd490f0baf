// Resolves package-lock.json anew, without a host's name in it; called by `make lock` with the day before which releases must lie.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const LOCK = new URL("package-lock.json", import.meta.url);
const options = ["--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"];
execFileSync("npm", ["install", ...options, `--before=${process.argv[2]}`], {
  cwd: new URL(".", import.meta.url),
  stdio: "inherit",
});
const lock = JSON.parse(readFileSync(LOCK, "utf8"));
for (const entry of Object.values(lock.packages)) delete entry.funding;
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
