/** Marks a text as a style sheet, so that the formatter sees it. */
export const css = (text: TemplateStringsArray): string => text[0] ?? '';
