// Lint rules for the window's code; layout is prettier's business.
import prettier from "eslint-config-prettier";
import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**", "src/bindings/**"] },
  ...tseslint.configs.recommended,
  ...vue.configs["flat/recommended"],
  { files: ["**/*.vue"], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/ban-ts-comment": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "vue/no-v-html": "error",
      "vue/multi-word-component-names": "off",
      "vue/require-default-prop": "off",
      "vue/block-order": ["error", { order: ["script", "template", "style"] }],
    },
  },
  prettier,
);
