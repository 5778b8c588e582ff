// The words of the window: one catalogue a language, keys checked by the compiler.
import { createI18n } from "vue-i18n";
import { zhCN } from "./locales/zh-CN";

type Leaves<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Key of a text. */
export type MessageKey = Leaves<typeof zhCN>;

export const i18n = createI18n({ legacy: false, locale: "zh-CN", messages: { "zh-CN": zhCN } });

/** A text, with its gaps filled. */
export function t(key: MessageKey, gaps: Record<string, string | number> = {}): string {
  return i18n.global.t(key, gaps);
}
