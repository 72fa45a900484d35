// What P8 is compared with: DuckDB aggregates the receipts of so many members into what a classification starts from.
// Usage: node duckdb_aggregate.mjs MEMBERS; prints the seconds of three runs, one a line. Receipts are made before.
import { DuckDBInstance } from '@duckdb/node-api';

const members = Number(process.argv[2]);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
// 1 to 11 purchase days each, as tests/bench/measure_lifecycle.cc makes members.
await connection.run(`
  CREATE TABLE receipts AS
  SELECT m AS member, 20000 + (m * 31) % 500 + d * 17 AS day, 1000 + (m * 104729 + d) % 9000 AS amount
  FROM range(${members}) t(m), range(11) s(d) WHERE d <= (m * 7919) % 11`);
for (let run = 0; run < 3; ++run) {
  const begin = performance.now();
  await connection.run(`
    CREATE OR REPLACE TABLE summaries AS
    WITH days AS (SELECT member, day, SUM(amount) AS amount, COUNT(*) AS receipts FROM receipts GROUP BY member, day),
    gaps AS (SELECT *, day - LAG(day) OVER (PARTITION BY member ORDER BY day) AS gap FROM days)
    SELECT member, MIN(day) AS first_day, MAX(day) AS last_day, COUNT(*) AS days, SUM(receipts) AS receipts,
           SUM(amount) AS amount, ARG_MIN(amount, day) AS first_day_amount, ARG_MAX(amount, day) AS last_day_amount,
           SUM(gap * gap) AS sum_gap_squared, SUM(LN(gap)) AS sum_ln_gap
    FROM gaps GROUP BY member`);
  console.log(((performance.now() - begin) / 1000).toFixed(3));
}
