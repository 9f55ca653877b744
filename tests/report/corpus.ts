/**
 * Core modules from other compilers: Rust's (installed with jco), clang's,
 * asc's, Binaryen's, Go's where it is there.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { onPath } from "../../tools/setup/on-path.js";
import { clang, program } from "../../tools/setup/programs.js";
import { isMissing } from "../../tools/setup/tool.js";
import { compile, file, folder, wat } from "./rill.js";

const C_SOURCE = `
static unsigned state = 1;
static const char words[] = "a table that stays in the data section";
__attribute__((import_module("env"), import_name("send"))) void send(int value);
__attribute__((noinline)) int mix(int x, double y) { state = state * 1664525u + (unsigned)x; return (int)(state * y); }
int run(int n) { int s = 0; for (int i = 0; i < n; i++) { s += mix(words[i % 38], i / 3.0); if (s & 64) send(s); } return s; }
long long wide(long long a, long long b) { return b ? wide(b, a % b) : a; }
int (*const table[])(int) = { run };
int choose(int i, int n) { return table[i & 0](n); }
`;

const AS_SOURCE = `
class Node { constructor(public value: i32, public next: Node | null) {} }
let text = "a static string";
export function list(n: i32): i32 { let head: Node | null = null; for (let i = 0; i < n; i++) head = new Node(i, head); let s = 0; while (head) { s += head.value; head = head.next; } return s + text.length; }
export function sort(n: i32): i32 { const a = new Array<i32>(); for (let i = 0; i < n; i++) a.push(i ^ 21); a.sort(); return a[0]; }
`;

/** Paths of the corpus's modules. */
export async function corpus(): Promise<string[]> {
  return [...rustModules(), ...(await clangModules()), ...(await ascModules()), handmade(), ...goModules()];
}

/** wasm-tools and jco's own generator, 14 KB to 3.5 MB, made by Rust and LLVM. */
export function rustModules(): string[] {
  const main = createRequire(import.meta.url).resolve("@bytecodealliance/jco-transpile");
  const vendor = join(main.slice(0, main.indexOf("jco-transpile")), "jco-transpile", "vendor");
  return readdirSync(vendor)
    .filter((name) => /\.core\d*\.wasm$/.test(name))
    .map((name) => join(vendor, name));
}

async function clangModules(): Promise<string[]> {
  const compiler = await clang();
  const linker = await program("wasm-ld", ["lld"]);
  if (isMissing(compiler) || isMissing(linker)) throw new Error("the corpus needs clang and wasm-ld");
  const source = file("corpus.c", C_SOURCE);
  return ["-O0", "-O2", "-Oz"].map((level) => {
    const path = join(folder, `clang${level}.wasm`);
    const flags = [
      "--target=wasm32",
      level,
      "-nostdlib",
      "-Wl,--no-entry",
      "-Wl,--export-dynamic",
      "-Wl,--export-all",
    ];
    const { status, stderr } = spawnSync(compiler.path, [...flags, "-o", path, source], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return path;
  });
}

async function ascModules(): Promise<string[]> {
  return [
    await compile("asc-debug", AS_SOURCE, "--debug"),
    await compile("asc-release", AS_SOURCE, "-O3"),
    await compile("asc-small", AS_SOURCE, "-Oz"),
    await compile("asc-incremental", AS_SOURCE, "--runtime", "incremental", "--exportRuntime"),
  ];
}

function handmade(): string {
  const text = `(module
    (type $t (func (param i32) (result i32)))
    (memory (export "memory") 1 4)
    (table 3 funcref) (elem (i32.const 0) $one $two)
    (global $g (mut i64) (i64.const -1))
    (data (i32.const 16) "hello\\00\\ff")
    (func $one (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $two (export "two") (param i32) (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0))))`;
  return file("handmade.wasm", wat(text));
}

/** A few megabytes from Go's own compiler, where a machine has it. */
function goModules(): string[] {
  const go = onPath("go");
  if (go === null) return [];
  const source = file("corpus.go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n');
  const path = join(folder, "go.wasm");
  const env = { ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "-mod=mod", CGO_ENABLED: "0" };
  const { status } = spawnSync(go, ["build", "-o", path, source], { env, cwd: folder });
  return status === 0 ? [path] : [];
}
