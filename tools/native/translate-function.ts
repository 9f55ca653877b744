/** Translates the code of one function: walks its instructions and writes C. */
import { UserError } from "../errors/user-error.js";
import { InstructionReader, type BlockType } from "../wasm/instruction-reader.js";
import { NAMES, Op } from "../wasm/opcodes.js";
import type { FunctionSignature } from "../wasm/core-module.js";
import { type BlockShape, ControlFlow } from "./control-flow.js";
import { FunctionScope } from "./function-scope.js";
import { floatAt, integer, wideOperand, zero } from "./literals.js";
import { MemoryAccess } from "./memory-access.js";
import type { GuestModule } from "./guest-module.js";
import { numeric } from "./numeric.js";
import { atom, conditionOf, computed, isNumberType, type NumberType, operand, type Value } from "./value.js";

/** The lines of the body of function `index`, without its braces. */
export function translateFunction(guest: GuestModule, index: number): string[] {
  return new FunctionTranslator(guest, index).translate();
}

class FunctionTranslator {
  private readonly scope: FunctionScope;
  private readonly flow: ControlFlow;
  private readonly memory: MemoryAccess;
  private readonly reader: InstructionReader;
  private readonly signature: FunctionSignature;

  constructor(
    private readonly guest: GuestModule,
    private readonly index: number,
  ) {
    const { signature, code } = guest.functions[index]!;
    this.signature = signature;
    const declared = code!.locals.flatMap(({ count: times, type }) =>
      Array.from({ length: times }, () => type),
    );
    const locals = [...signature.params, ...declared].map((type) => guest.numberType(type));
    this.scope = new FunctionScope(locals, signature.params.length);
    this.flow = new ControlFlow(this.scope, this.types(signature.results), (values) => {
      this.leave(values);
    });
    this.memory = new MemoryAccess(this.scope, guest.memoryBytes, () => {
      this.trap("OUT_OF_BOUNDS");
    });
    this.reader = new InstructionReader(guest.module.bytes, code!.code, code!.body.end);
  }

  translate(): string[] {
    while (!this.flow.isOver) {
      this.reader.next();
      this.instruction();
    }
    const body = this.scope.body();
    this.types([...this.scope.types]);
    const [result, ...more] = this.types(this.signature.results);
    // Compilers miss a `return` also where nothing comes to the end.
    if (result !== undefined && more.length === 0 && !body.some((line) => /^\s*return /.test(line)))
      body.push(`    return ${zero(result)};`);
    const unread = this.signature.params.flatMap((_, index) =>
      body.some((line) => new RegExp(`\\bl${index}\\b`).test(line)) ? [] : [`    (void)l${index};`],
    );
    const usesGuest = body.some((line) => /\bguest\b/.test(line));
    return [...(usesGuest ? [] : ["    (void)guest;"]), ...unread, ...body];
  }

  private types(types: readonly string[]): NumberType[] {
    return types.map((type) => this.guest.numberType(type));
  }

  private instruction(): void {
    const { opcode } = this.reader;
    const { flow } = this;
    if (opcode === Op.END) flow.end();
    else if (opcode === Op.ELSE) flow.otherwise();
    else if (!flow.isReached) {
      if (this.reader.opensBlock) flow.skipBlock();
    } else if (opcode <= Op.CALL_INDIRECT) this.control();
    else if (opcode < Op.FIRST_LOAD) this.variables();
    else this.rest();
  }

  private control(): void {
    const { flow, reader } = this;
    switch (reader.opcode) {
      case Op.UNREACHABLE:
        this.trap("UNREACHABLE");
        return;
      case 0x01:
        return;
      case Op.BLOCK:
        flow.begin("block", this.shape(reader.blockType));
        return;
      case Op.LOOP:
        flow.begin("loop", this.shape(reader.blockType));
        return;
      case Op.IF:
        flow.begin("if", this.shape(reader.blockType));
        return;
      case Op.BR:
        flow.branch(reader.a);
        return;
      case Op.BR_IF:
        flow.branchIf(reader.a);
        return;
      case Op.BR_TABLE:
        flow.branchTable(reader.labels);
        return;
      case Op.RETURN:
        flow.return();
        return;
      case Op.CALL:
        this.call(reader.a);
        return;
      case Op.CALL_INDIRECT:
        this.callIndirect(reader.a, reader.b);
        return;
      default:
        this.refuse();
    }
  }

  private shape(type: BlockType): BlockShape {
    if (type === null) return { params: [], results: [] };
    if (typeof type === "string") return { params: [], results: this.types([type]) };
    const { params, results } = this.guest.signatureOf(type);
    return { params: this.types(params), results: this.types(results) };
  }

  private trap(why: string): void {
    this.scope.settleTraps();
    this.scope.write(`rill_native_trap(&guest->base, RILL_NATIVE_${why});`);
    this.flow.stop();
  }

  /** `return` with the function's results. */
  private leave(values: readonly Value[]): void {
    const { scope, signature } = this;
    if (values.length === 0) scope.write("return;");
    else if (values.length === 1) scope.write(`return ${values[0]!.text};`);
    else {
      const result = scope.variable(this.guest.resultType(signature));
      for (const [index, { text }] of values.entries()) scope.write(`${result}.v${index} = ${text};`);
      scope.write(`return ${result};`);
    }
  }

  private call(callee: number): void {
    this.guest.requireFunction(callee);
    const { signature } = this.guest.functions[callee]!;
    const values = this.scope.popMany(signature.params.length);
    this.finishCall(this.guest.functionName(callee), signature, values);
  }

  private callIndirect(typeIndex: number, table: number): void {
    const signature = this.guest.signatureOf(typeIndex);
    const place = this.scope.pop();
    const values = this.scope.popMany(signature.params.length);
    this.finishCall(this.guest.dispatcher(typeIndex, table), signature, [...values, place]);
  }

  private finishCall(name: string, { results }: FunctionSignature, values: readonly Value[]): void {
    const { scope } = this;
    scope.settleForCall();
    const call = `${name}(${["guest", ...values.map(({ text }) => text)].join(", ")})`;
    if (results.length === 0) {
      scope.write(`${call};`);
      return;
    }
    const types = this.types(results);
    const result = scope.variable(this.guest.resultType({ params: [], results }));
    scope.write(`${result} = ${call};`);
    if (types.length === 1) scope.push(atom(types[0]!, result));
    else for (const [index, type] of types.entries()) scope.push(atom(type, `${result}.v${index}`));
  }

  private variables(): void {
    const { scope, reader } = this;
    switch (reader.opcode) {
      case Op.DROP: {
        const value = scope.pop();
        if (value.mayTrap) scope.write(`(void)(${value.text});`);
        return;
      }
      case Op.SELECT:
      case Op.SELECT_T:
        this.select();
        return;
      case Op.LOCAL_GET:
        scope.pushLocal(reader.a);
        return;
      case Op.LOCAL_SET:
        this.setLocal(reader.a);
        return;
      case Op.LOCAL_TEE:
        this.setLocal(reader.a);
        scope.pushLocal(reader.a);
        return;
      case Op.GLOBAL_GET:
        scope.push(this.guest.globalValue(reader.a));
        return;
      case Op.GLOBAL_SET: {
        const value = scope.pop();
        scope.settleIf(({ readsGlobals, mayTrap }) => readsGlobals || mayTrap);
        scope.write(`guest->g${reader.a} = ${value.text};`);
        return;
      }
      default:
        this.refuse();
    }
  }

  private setLocal(index: number): void {
    const { scope } = this;
    const value = scope.pop();
    scope.settleIf(({ locals }) => locals.has(index));
    if (value.text !== `l${index}`) scope.write(`l${index} = ${value.text};`);
  }

  private select(): void {
    const { scope } = this;
    const [a, b, condition] = scope
      .popMany(3)
      .map((value) => (value.mayTrap ? scope.settled(value) : value)) as [Value, Value, Value];
    scope.push(
      computed(a.type, `${conditionOf(condition)} ? ${wideOperand(a)} : ${operand(b)}`, [a, b, condition]),
    );
  }

  private rest(): void {
    const { scope, reader } = this;
    const { opcode } = reader;
    if (opcode >= Op.FIRST_LOAD && opcode <= Op.LAST_LOAD) this.memory.load(reader, NAMES[opcode]!);
    else if (opcode >= Op.FIRST_STORE && opcode <= Op.LAST_STORE) this.memory.store(reader, NAMES[opcode]!);
    else if (opcode === Op.MEMORY_SIZE) scope.push(this.memory.size());
    else if (opcode === Op.MEMORY_GROW) scope.push(this.memory.grow(scope.pop()));
    else if (opcode === Op.I32_CONST) scope.push(integer("i32", BigInt(reader.a)));
    else if (opcode === Op.I64_CONST) scope.push(integer("i64", reader.wide));
    else if (opcode === Op.F32_CONST) scope.push(floatAt(reader.bytes, reader.start + 1, "f32"));
    else if (opcode === Op.F64_CONST) scope.push(floatAt(reader.bytes, reader.start + 1, "f64"));
    else if (opcode === Op.PREFIX_MISC) this.misc();
    else this.number(NAMES[opcode], this.guest.takes(opcode));
  }

  private misc(): void {
    const { reader, memory, scope } = this;
    const name = reader.misc?.name ?? "";
    switch (name) {
      case "memory.copy":
      case "memory.fill":
        memory.bulk(name);
        return;
      case "memory.init":
        this.guest.segments.add(reader.a);
        memory.init(reader.a);
        return;
      case "data.drop":
        this.guest.segments.add(reader.a);
        scope.write(`guest->extent${reader.a} = 0;`);
        return;
      case "elem.drop":
        return; // the table is as it is: nothing that copies such a segment is translated
      default:
        this.number(name.includes("trunc_sat") ? name : undefined, 1);
    }
  }

  private number(name: string | undefined, takes: number): void {
    if (name === undefined || takes === 0) {
      this.refuse();
      return;
    }
    const value = numeric(name, this.scope.popMany(takes));
    if (value === null || !isNumberType(value.type)) this.refuse();
    else this.scope.push(value);
  }

  private refuse(): void {
    const { opcode, misc } = this.reader;
    const name =
      (opcode === Op.PREFIX_MISC ? misc?.name : NAMES[opcode]) ?? `instruction 0x${opcode.toString(16)}`;
    throw new UserError(
      `${this.guest.source}: ${this.guest.functions[this.index]!.name} has the instruction ${name}, ` +
        "which is not translated to C; build the guest with rill build",
    );
  }
}
