/** Runs QEMU until the guide's main.c has said how it ended. */
import { spawn } from "node:child_process";

/** @returns what the board sends until it says `+` or `-` and a code */
export async function untilEnd(program: string, args: readonly string[]): Promise<string> {
  const qemu = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const timer = setTimeout(() => qemu.kill("SIGKILL"), 30_000);
  let text = "";
  for await (const chunk of qemu.stdout) {
    text += String(chunk);
    if (/[+-]\d\d/.test(text)) qemu.kill("SIGKILL");
  }
  clearTimeout(timer);
  return text;
}
