/** Greets whoever the path names: `GET /Ada` is answered with `Hello, Ada!`. */
import { answer } from "as-rill/wasi";
import { handle } from "./bindings/wasi-http-handler";
import { Method } from "./bindings/wasi-http-types";

/** The greeting for a path. */
export function greeting(path: string): string {
  const name = path.startsWith("/") ? path.substring(1) : path;
  return "Hello, " + (name.length > 0 ? name : "world") + "!\n";
}

export function runHandle(task: handle.Task): void {
  const request = task.request;
  const isGet = request.getMethod().tag == Method.get_;
  const path = request.getPathWithQuery();
  const text = greeting(path.tag ? path.some : "/");
  request.drop();
  if (isGet) answer(task, 200, text);
  else answer(task, 405, "This service answers GET.\n");
}
