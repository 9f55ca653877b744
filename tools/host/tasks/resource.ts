/**
 * Resources: handles in the guest's table that stand for something of the host's or of the guest's own.
 *
 * Spec: CanonicalABI.md, "Resource State"
 */
import type { ComponentInstance } from "./component-instance.js";
import type { Task } from "./task.js";
import { trapIf } from "../values/trap.js";

/** A resource type at run time. `implementer` is the instance that defines it, null for the host's. */
export class ResourceType {
  constructor(
    readonly name: string,
    readonly implementer: ComponentInstance | null,
    /** Called with the representation when the last handle, an owned one, is dropped. */
    public destructor: ((representation: unknown) => void) | null = null,
  ) {}
}

/** A handle of a resource. */
export class ResourceHandle {
  /** Calls that have borrowed this handle. */
  lends = 0;

  constructor(
    readonly type: ResourceType,
    readonly representation: unknown,
    readonly owned: boolean,
    /** The task that a borrowed handle was given to, and must be dropped in. */
    readonly borrowScope: Task | null = null,
  ) {}

  /** Traps: the handle is of another resource type */
  checkType(type: ResourceType): void {
    trapIf(
      this.type !== type,
      `a handle of resource ${this.type.name} where one of ${type.name} was expected`,
    );
  }
}

/** `resource.new`: a handle of one of the guest's own resources. */
export function resourceNew(instance: ComponentInstance, type: ResourceType, representation: number): number {
  instance.checkMayLeave();
  return instance.handles.add(new ResourceHandle(type, representation, true));
}

/** `resource.rep`: the number that the guest gave with `resource.new`. */
export function resourceRep(instance: ComponentInstance, type: ResourceType, handle: number): number {
  const resource = instance.handles.get(handle, ResourceHandle, "a resource");
  resource.checkType(type);
  return resource.representation as number;
}

/** `resource.drop`. Traps: no handle of the type; borrowed by a call that is not over */
export function resourceDrop(instance: ComponentInstance, type: ResourceType, handle: number): void {
  instance.checkMayLeave();
  const resource = instance.handles.remove(handle, ResourceHandle, "a resource");
  resource.checkType(type);
  trapIf(resource.lends !== 0, `resource.drop: ${type.name} is borrowed by a call that is not over`);
  if (resource.owned) type.destructor?.(resource.representation);
  else resource.borrowScope!.borrows--;
}
