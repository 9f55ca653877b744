/**
 * A run on the C host whose functions are called, given arguments and asked for results from here: several
 * calls of one instance, and guests that pass streams and futures inside of values or with what they import.
 */
import type { Duplex } from "node:stream";
import type { GuestDescriptor } from "../../c-host/descriptor.js";
import { Items } from "../../host/copies/items.js";
import type { Value } from "../../host/values/value.js";
import { withAllocationCounter } from "../../instrument/count-allocations.js";
import type { PackedEntry } from "../../pack/image-entry.js";
import type { WamrFacts } from "../../wamr/run-program.js";
import { functionTypes, holdsEnd, holdsHandle } from "../../wit/layout.js";
import type { World } from "../../wit/model.js";
import { guestImports } from "../../wit/pair-types.js";
import type { Awaited } from "../calls/received.js";
import type { PlannedCall } from "../calls/planned-call.js";
import { toJson } from "../formats/json-value.js";
import { OutputFile } from "../formats/output-file.js";
import type { ImportsPlan } from "../imports/open-imports.js";
import { itemBytes } from "../item-bytes.js";
import type { RunFacts } from "../run-facts.js";
import type { RunInput, RunPlan } from "../run-plan.js";
import { askedGuest } from "./asked-guest.js";
import { RemoteCalls, type CallInput } from "./remote-calls.js";
import { type BoundFunctions, boundFunctions } from "./bound-functions.js";
import { FedItems } from "./fed-items.js";
import { pulledFrom } from "./held-items.js";
import { RemoteGuest } from "./remote-guest.js";
import { type RemoteSide, RemoteSocket } from "./remote-socket.js";

/** Whether a guest passes streams or futures with functions that it imports, or handles in items. */
export function holdsEnds(core: Uint8Array<ArrayBuffer>, world: World): boolean {
  const used = new Set(
    WebAssembly.Module.imports(new WebAssembly.Module(core)).map(({ module, name }) => `${module} ${name}`),
  );
  return guestImports(world).some(({ module, name, meaning }) => {
    if (!used.has(`${module} ${name}`)) return false;
    if (meaning.kind === "copy") return meaning.element !== null && holdsHandle(meaning.element);
    return meaning.kind === "call" && functionTypes(meaning.func).some(holdsEnd);
  });
}

/** What is called; one call takes the inputs as they are. */
export function plannedCalls({ calls, call, func, inputs }: RunPlan): readonly PlannedCall[] {
  const args = inputs.map((_, index) => ({ kind: "input", index }) as const);
  return calls ?? [{ ...{ kind: "call", text: call, name: null }, ...{ call, func, args } }];
}

/** What is run, and how it is told. */
interface CallsOptions {
  readonly entries: readonly [PackedEntry, ...PackedEntry[]];
  /** Of the run's guest. */
  readonly descriptor: GuestDescriptor;
  /** Results go to standard output. */
  readonly prints: boolean;
  /** Takes the bytes of items that go to the plan's output. */
  readonly write: (bytes: Uint8Array) => void | Promise<void>;
}

interface CallsSide extends RemoteSide {
  readonly calls: RemoteCalls;
}

/** The calls of one run. */
export class CHostCalls {
  private readonly functions: BoundFunctions;
  private readonly fed: FedItems[] = [];
  private readonly out: OutputFile | null;
  private side: CallsSide | null = null;

  constructor(
    private readonly plan: RunPlan,
    private readonly imports: ImportsPlan,
    private readonly options: CallsOptions,
  ) {
    this.functions = boundFunctions(imports);
    this.out = plan.calls !== null && options.prints ? new OutputFile("-") : null;
  }

  /** Answers the program. @returns what rejects when the run cannot go on */
  serve(socket: Duplex): Promise<never> {
    const inputs = this.plan.inputs.map((input, index) => this.input(input, index));
    const open = (memory: number): CallsSide => (this.side = this.open(memory, inputs));
    const answers = new RemoteSocket(socket, open, this.imports.end);
    return Promise.race([answers.failure, this.functions.failure]);
  }

  /** What the run came to, when it is over. @param trap why the guest trapped */
  facts(host: RunFacts["host"], told: WamrFacts, trap: string | null): RunFacts {
    const { plan, side } = this;
    const { guest, calls } = side!;
    if (trap !== null) calls.trapped();
    this.out?.close();
    return {
      host,
      items_in: this.fed.reduce((sum, { taken }) => sum + taken, calls.itemsIn),
      items_out: guest.itemsOut,
      allocations: withAllocationCounter(plan.core) === null ? 0 : null,
      linear_memory_bytes: told.linear_memory_bytes,
      host_calls: told.host_calls,
      trap: trap !== null && plan.calls !== null ? `${trap}, in "${calls.current}"` : trap,
      ...(trap === null && this.resultFacts(calls.last?.result)),
      ...(plan.calls !== null && !this.options.prints && { calls: calls.facts }),
    };
  }

  /** Ends what reads inputs. */
  close(): void {
    for (const one of this.fed) one.leave();
  }

  private open(memory: number, inputs: readonly CallInput[]): CallsSide {
    const { plan, functions, out } = this;
    const { entries, descriptor, write } = this.options;
    const { output } = plan;
    const type = output.kind === "items" ? (output.file?.elementType ?? null) : null;
    const guest = new RemoteGuest(
      askedGuest(plan.core, descriptor, entries[0], memory),
      () => null,
      functions,
      { isHere: true },
    );
    if (this.fed.length === 0) guest.limit = plan.limit ?? Infinity;
    const calls = new RemoteCalls({
      ...{ calls: plannedCalls(plan), entries, guest },
      input: (index) => inputs[index]!,
      dropped: (representation) => functions.drop?.(representation),
      print:
        out === null
          ? null
          : (text) => {
              out.write(Buffer.from(text));
            },
      keepsLast: output.kind !== "none",
      write: (item) => write(itemBytes(Items.fromValues(type, [item]), type)),
    });
    return { guest, calls, isFed: () => this.fed.some(({ isAwaited }) => isAwaited) };
  }

  private input(input: RunInput, index: number): CallInput {
    if (input.kind === "value") return { value: input.value };
    if (input.kind === "future") return { pulled: pulledFrom([input.value]) };
    const fed = new FedItems({ ...input, limit: this.plan.limit ?? null, guest: 0, input: index });
    this.fed.push(fed);
    return { pulled: fed };
  }

  private resultFacts(result: Value | undefined): Pick<RunFacts, "result"> {
    const { output } = this.plan;
    if (output.kind !== "value" || output.type === null || result === undefined) return {};
    const value = output.isFuture ? (result as unknown as Awaited).value!.taken : result;
    return { result: toJson(output.type, value) };
  }
}
