/** An exported function of a guest that is translated to C. */
export interface ExportedFunction {
  /** In the module. */
  readonly name: string;
  readonly cName: string;
  /** Of the function. */
  readonly index: number;
}
