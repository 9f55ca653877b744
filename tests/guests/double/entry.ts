import { double } from "./bindings/my-test-i";
import { run } from "./double";
export function lift(x: u32): i32 { const t = changetype<double.Task>(0); t.enter(x); run(t); t.exit(); return 0; }
export function callback(a: i32, b: i32, c: i32): i32 { return unreachable(); }
