import { greeting } from "./my-guest";

describe("greeting", () => {
  it("greets whoever the path names", () => {
    expect(greeting("/Ada")).toBe("Hello, Ada!\n");
  });

  it("greets the world when it names nobody", () => {
    expect(greeting("/")).toBe("Hello, world!\n");
    expect(greeting("")).toBe("Hello, world!\n");
  });
});
