import { parse } from "./bindings/my-csv-parser";

const fields = new StaticArray<i32>(3);

export function run(task: parse.Task): void {
  const output = task.resolve();
  let field = 0;
  let isNegative = false;
  fields[0] = 0;
  while (task.bytes.next()) {
    const byte = task.bytes.value;
    if (byte == 45) isNegative = true;
    else if (byte >= 48 && byte <= 57) fields[field] = fields[field] * 10 + (byte - 48);
    if (byte != 44 && byte != 10) continue;
    if (isNegative) fields[field] = -fields[field];
    isNegative = false;
    if (byte == 44 && field < 2) {
      field++;
      fields[field] = 0;
      continue;
    }
    const row = output.value;
    row.time = fields[0];
    row.x = fields[1];
    row.y = fields[2];
    field = 0;
    fields[0] = 0;
    if (!output.writeOne(row)) break;
  }
}
