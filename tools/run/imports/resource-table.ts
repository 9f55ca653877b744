/**
 * The handles of a guest whose host knows no resources: numbers stand for them there (resource-numbers.ts),
 * and here is what they mean.
 *
 * Spec: CanonicalABI.md, "Resource State"
 */
import { HandleTable } from "../../host/tasks/handle-table.js";
import { ResourceHandle, ResourceType } from "../../host/tasks/resource.js";
import { trapIf } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import type { FunctionType, Resource } from "../../wit/model.js";
import { mapHandles } from "../calls/received.js";

/** A call under way: it gives back what it has borrowed. */
export interface Borrowed {
  over(): void;
}

/** One instance's handles of resources. */
export class ResourceTable {
  private readonly handles = new HandleTable();
  private readonly types = new Map<string, ResourceType>();
  /** Handles that the guest's task has borrowed, and not dropped. */
  private borrows = 0;

  /** @param dropped is told of the representation when an owned handle is dropped */
  constructor(private readonly dropped: (representation: Value) => void) {}

  /**
   * The arguments of a call, with what the numbers stand for: an own handle leaves the table, a borrowed one
   * stays until the call is over.
   * Traps: a number that is no handle, or one of another resource; an own handle that is lent
   */
  lift(
    { params }: FunctionType,
    args: readonly Value[],
  ): { readonly args: Value[]; readonly borrowed: Borrowed } {
    const lenders: ResourceHandle[] = [];
    const lifted = args.map((arg, i) =>
      mapHandles(params[i]!.type, arg, (type, number) => {
        if (type.kind === "own") return this.take(type.resource, number as number);
        if (type.kind !== "borrow") return number;
        const handle = this.find(type.resource, number as number);
        handle.lends++;
        lenders.push(handle);
        return handle.representation as Value;
      }),
    );
    const over = (): void => {
      for (const handle of lenders.splice(0)) handle.lends--;
    };
    return { args: lifted, borrowed: { over } };
  }

  /** The result of a call, with a number for each resource that the guest gets. */
  lower({ result }: FunctionType, value: Value): Value {
    if (result === null) return value;
    return mapHandles(result, value, (type, representation) =>
      type.kind === "own" ? this.add(type.resource, representation) : representation,
    );
  }

  /** resource.drop. Traps: no handle of the resource, or one that is lent */
  drop(resource: Resource, number: number): void {
    const { representation, owned } = this.remove(resource, number);
    if (owned) this.dropped(representation as Value);
    else this.borrows--;
  }

  /** A handle that the guest's task borrows, and has to drop. @returns its number */
  lend(resource: Resource, representation: Value): number {
    this.borrows++;
    return this.handles.add(new ResourceHandle(this.typeOf(resource), representation, false));
  }

  /** The guest's task answers. Traps: it has not dropped what it borrowed */
  checkReturned(): void {
    trapIf(this.borrows > 0, `the task ends while it holds ${this.borrows} borrowed handles`);
  }

  /** resource.new, and an own handle that the guest is given. @returns its number */
  add(resource: Resource, representation: Value): number {
    return this.handles.add(new ResourceHandle(this.typeOf(resource), representation, true));
  }

  /** resource.rep. Traps: no handle of the resource */
  representation(resource: Resource, number: number): Value {
    return this.find(resource, number).representation as Value;
  }

  /** The guest gives an own handle away. Traps: no handle of the resource, or one that is lent */
  take(resource: Resource, number: number): Value {
    const { owned } = this.find(resource, number);
    trapIf(!owned, `a borrowed handle of ${resource.name} is passed as own`);
    return this.remove(resource, number).representation as Value;
  }

  private remove(resource: Resource, number: number): ResourceHandle {
    const handle = this.find(resource, number);
    trapIf(handle.lends !== 0, `a handle of ${resource.name} is given up while a call borrows it`);
    this.handles.remove(number, ResourceHandle, "a resource");
    return handle;
  }

  private find(resource: Resource, number: number): ResourceHandle {
    const handle = this.handles.get(number, ResourceHandle, "a resource");
    handle.checkType(this.typeOf(resource));
    return handle;
  }

  private typeOf({ owner, name, exported }: Resource): ResourceType {
    const key = `${exported === true ? "[export]" : ""}${owner}#${name}`;
    const known = this.types.get(key) ?? new ResourceType(name, null);
    this.types.set(key, known);
    return known;
  }
}
