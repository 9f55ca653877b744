import { UserError } from "../errors/user-error.js";

/** A guest, a type or an item that the C host does not take. Who has another host to offer says so. */
export class NotServed extends UserError {}
