import tseslint from "typescript-eslint";

/** AssemblyScript is not TypeScript: asc is its linter. */
const assemblyScript = [
  "assembly/",
  "pairs/",
  "text/",
  "spec/",
  "wasi/",
  "c/samples/",
  "examples/",
  "tests/unit/",
  "tests/asc/guest/",
  "tests/guests/",
  "tests/gate/guests/",
  "tests/gate/silent/",
  "tests/gate/wrong/",
  "tests/wit-bindgen/guests/",
  "**/fixtures/",
  "**/golden/",
  "bench/guests/",
  "templates/",
];

export default tseslint.config(
  { ignores: ["dist/", "build/", "vendor/", ".cache/", ...assemblyScript] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-syntax": [
        "error",
        // `private`, as in AssemblyScript, which has no other.
        { selector: "PrivateIdentifier", message: "Write `private name`." },
        {
          selector: "TemplateLiteral > CallExpression[callee.name='String']",
          message: "Write `${value}`; what has no text of its own becomes one before.",
        },
      ],
    },
  },
  {
    // A promise that nobody awaits is a test that cannot fail.
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", package: "node:test", name: ["test", "describe", "it", "suite"] },
          ],
        },
      ],
      "@typescript-eslint/no-misused-promises": "error",
      // What a text may hold as it is; an object in it would be `[object Object]`.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        {
          allowAny: false,
          allowBoolean: true,
          allowNever: false,
          allowNullish: true,
          allowNumber: true,
          allowRegExp: true,
        },
      ],
    },
  },
);
