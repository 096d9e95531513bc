/** The institution's sentences, with the most characters of each; of recipients, of each line. */
export const sentences = { asker: 200, benefit: 600, recipients: 200, refusal: 400, next: 400 } as const
export type Sentence = keyof typeof sentences
export const sentenceNames = Object.keys(sentences) as Sentence[]
export const recipientsMax = 20
export const reasonCharsMax = 400

/** A part of the institution's texts: a sentence, or the reason of a scope. */
export type TextPart = { locale: string; sentence: Sentence } | { locale: string; scope: string }

/** The keys of the parts among the settings. */
export const sentenceKey = (locale: string, sentence: Sentence) => `texts.${locale}.${sentence}`
export const reasonKey = (locale: string, scope: string) => `texts.${locale}.reasons.${scope}`

/** The inverse; null for a variable. */
export function parseTextKey(key: string): TextPart | null {
  const [, locale, scope, word] = /^texts\.([A-Za-z0-9-]+)\.(?:reasons\.(\S+)|(\w+))$/.exec(key) ?? []
  if (!locale) return null
  const sentence = sentenceNames.find((name) => name === word)
  if (sentence) return { locale, sentence }
  return scope ? { locale, scope } : null
}
