import { HandleTable } from "./handle-table.js";
import { Trap, trapIf } from "../values/trap.js";
import { Scheduler } from "./scheduler.js";
import { ResourceType } from "./resource.js";
import type { Resource } from "../../wit/model.js";
import type { Task } from "./task.js";

/**
 * One instance of a component: its handle table and what its tasks share.
 *
 * Spec: CanonicalABI.md, "Component Instances"
 */
export class ComponentInstance {
  /** The instance's handle table. */
  readonly handles = new HandleTable();
  /** No core code of the instance is running, so it may be entered. */
  mayEnter = true;
  /** Core code may call built-ins and imports; not so inside `cabi_realloc` and post-return functions. */
  mayLeave = true;
  /** How often the guest asked that no new task be started, less how often it took that back. */
  backpressure = 0;
  /** Tasks that wait for being started. */
  waitingToEnter = 0;
  /** The task that keeps others from running core code until it waits in the event loop. */
  exclusive: Task | null = null;
  /** The task whose core code runs. */
  current: Task | null = null;
  /** The guest trapped: nothing of the instance may be used any more. */
  private poisoned: Trap | null = null;
  private readonly resourceTypes = new Map<string, ResourceType>();

  constructor(readonly scheduler: Scheduler = new Scheduler()) {}

  /**
   * The task whose core code runs.
   * Traps: none does, which a start function that calls built-ins can bring about
   */
  get currentTask(): Task {
    if (this.current === null) throw new Trap("a built-in is called outside of any task");
    return this.current;
  }

  /** The run-time type of a resource; the host's, unless `defineResource` said that it is the guest's own. */
  resourceType(resource: Resource): ResourceType {
    const key = identity(resource);
    let type = this.resourceTypes.get(key);
    if (type === undefined) {
      type = new ResourceType(resource.name, null);
      this.resourceTypes.set(key, type);
    }
    return type;
  }

  /** Says who implements a resource and how it is destroyed. */
  defineResource(resource: Resource, type: ResourceType): void {
    this.resourceTypes.set(identity(resource), type);
  }

  /** Traps when the guest may not call out now; every built-in begins with this. */
  checkMayLeave(): void {
    trapIf(!this.mayLeave, "a built-in or import is called from cabi_realloc or a post-return function");
  }

  /** Runs `body` as core code that is entered from outside. Traps: re-entered; the instance trapped before */
  enter<R>(body: () => R): R {
    if (this.poisoned !== null) throw new Trap(`the instance trapped before: ${this.poisoned.message}`);
    trapIf(!this.mayEnter, "the instance is entered while its core code runs");
    this.mayEnter = false;
    try {
      const result = body();
      this.mayEnter = true;
      return result;
    } catch (error) {
      if (error instanceof Trap) {
        this.poisoned = error;
        error.instance ??= this;
      }
      throw error;
    }
  }

  /** Runs `body` while the instance's core code is suspended inside a built-in that waits. */
  suspended<R>(body: () => R): R {
    const { current } = this;
    this.current = null;
    this.mayEnter = true;
    try {
      return body();
    } finally {
      this.current = current;
      this.mayEnter = false;
    }
  }

  /** Runs core code that may not call out. */
  withoutLeaving<R>(body: () => R): R {
    this.mayLeave = false;
    const result = body();
    this.mayLeave = true;
    return result;
  }
}

function identity({ owner, name, exported }: Resource): string {
  return `${exported ? "export" : "import"} ${owner}#${name}`;
}
