import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "build/",
      ".cache/",
      "assembly/",
      "examples/",
      "tests/unit/",
      "tests/guests/",
      "bench/guests/",
    ],
  },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  { rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);
