import tseslint from "typescript-eslint";

/** AssemblyScript is not TypeScript: asc is its linter. */
const assemblyScript = [
  "assembly/",
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
];

export default tseslint.config(
  { ignores: ["dist/", "build/", ".cache/", ...assemblyScript] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // `private`, as in AssemblyScript, which has no other.
      "no-restricted-syntax": ["error", { selector: "PrivateIdentifier", message: "Write `private name`." }],
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
    },
  },
);
