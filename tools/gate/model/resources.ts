/** The built-ins on resources. What the specification traps at is asked of the host's own code. */
import type { ComponentInstance } from "../../host/tasks/component-instance.js";
import { resourceDrop, resourceNew, resourceRep, ResourceType } from "../../host/tasks/resource.js";
import type { Resource } from "../../wit/model.js";
import { resourceKey } from "./held-resources.js";
import type { Run } from "./run.js";
import { shown } from "./table.js";

/** What the host does with resources. */
export class Resources {
  constructor(
    private readonly run: Run,
    private readonly instance: ComponentInstance,
  ) {}

  /** The guest implements `resource`. @param destroy calls its destructor */
  implement(resource: Resource, destroy: (state: number) => void): void {
    const destructor = (state: unknown): void => {
      destroy(state as number);
    };
    this.instance.defineResource(resource, new ResourceType(resource.name, this.instance, destructor));
  }

  /** `resource.drop`: of a resource of the guest's own the destructor runs. */
  drop(resource: Resource, handle: number): void {
    this.run.note(`resource.drop \`${resourceKey(resource)}\`, ${shown(handle)}`);
    this.run.judged("resource.drop", () => {
      resourceDrop(this.instance, this.instance.resourceType(resource), handle);
    });
  }

  /** `resource.new`. @returns the handle */
  create(resource: Resource, state: number): number {
    const handle = this.run.judged("resource.new", () =>
      resourceNew(this.instance, this.instance.resourceType(resource), state),
    );
    this.run.note(`resource.new \`${resourceKey(resource)}\``, shown(handle));
    return handle;
  }

  /** `resource.rep`. @returns what the resource was made for */
  stateOf(resource: Resource, handle: number): number {
    this.run.note(`resource.rep \`${resourceKey(resource)}\`, ${shown(handle)}`);
    return this.run.judged("resource.rep", () =>
      resourceRep(this.instance, this.instance.resourceType(resource), handle),
    );
  }
}
