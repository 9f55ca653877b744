import { ListString, upper, words } from "./bindings/my-jl-text";

export function runUpper(task: upper.Task): void {
  const output = task.resolve();
  while (task.names.next()) {
    if (!output.writeOne(task.names.value.toUpperCase())) break;
  }
}

export function runWords(task: words.Task): void {
  const output = task.resolve();
  while (task.texts.next()) {
    const text = task.texts.value;
    for (let start = 0; start < text.length;) {
      let end = text.indexOf(" ", start);
      if (end < 0) end = text.length;
      if (end > start && !output.writeOne(text.substring(start, end))) return;
      start = end + 1;
    }
  }
}

export function greet(name: string): string {
  return "Hello, " + name + "!";
}

export function count(items: ListString): u32 {
  return items.length;
}
