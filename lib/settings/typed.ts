import { judgeAccent } from '@/lib/config/accent'
import { variables } from '@/lib/config/env-variables'
import type { SettableVariable } from '@/lib/config/settings'
import { defaults, isVariable } from '@/lib/settings/setting'
import { findAskingToPublish } from '@/lib/texts/asking-to-publish'
import { parseTextKey, reasonCharsMax, recipientsMax, sentences, type TextPart } from '@/lib/texts/part'

/** The fields of a form by name. A box that is ticked says `yes`. */
export type Typed = Record<string, string>

export const faultCodes = [
  'missing',
  'unreadable',
  'too_long',
  'too_many',
  'asks_to_publish',
  'contrast',
  'no_language',
] as const
/** `values` are for the sentence that says what is wrong. */
export type SettingFault = { key: string; code: (typeof faultCodes)[number]; values: Record<string, string> }

/** By key. Null: the default, or the words of the portal. */
export type ReadSettings = { values: Record<string, string | null>; faults: SettingFault[] }

/** The box that takes a permission off the list of what is asked for. */
export const offField = (key: string) => `off:${key}`
/** The box of a language that is offered. */
export const languageField = (locale: string) => `language:${locale}`
const isLanguageField = (name: string) => name.startsWith('language:')

const needed: readonly string[] = ['INSTITUTION_NAME', 'SUPPORT_EMAIL']

// PostgreSQL keeps neither NUL nor halves of characters.
const tidy = (text: string) =>
  text
    .replace(/[\0\p{Cs}]/gu, '\ufffd')
    .replaceAll('\r\n', '\n')
    .trim()
const onOneLine = (text: string) => text.replace(/\s+/g, ' ')

/** Reads the fields of a form. What has a fault has no value. */
export function readTyped(keys: readonly string[], typed: Typed, translations: readonly string[]): ReadSettings {
  const read: ReadSettings = { values: {}, faults: [] }
  for (const key of keys) {
    const part = parseTextKey(key)
    const found = part
      ? readText(key, part, typed)
      : isVariable(key)
        ? readVariable(key, textOf(key, typed, translations))
        : null
    if (found && typeof found === 'object') read.faults.push({ key, values: {}, ...found })
    else read.values[key] = found
  }
  return read
}

type Fault = { code: SettingFault['code']; values?: SettingFault['values'] }

function readVariable(key: SettableVariable, text: string): string | null | Fault {
  if (text === '') {
    if (needed.includes(key)) return { code: 'missing' }
    return key === 'INSTITUTION_LANGUAGES' ? { code: 'no_language' } : null
  }
  if (key === 'INSTITUTION_ACCENT') {
    const judged = judgeAccent(text)
    if (!judged) return { code: 'unreadable' }
    const { contrast, nearest, isReadable } = judged
    // Rounded down: 4.49 is not enough.
    const ratio = (Math.floor(contrast * 10) / 10).toFixed(1)
    if (!isReadable) return { code: 'contrast', values: { ratio, nearest } }
  }
  if (!variables.shape[key].safeParse(text).success) return { code: 'unreadable' }
  return text === defaults[key] ? null : text
}

function textOf(key: SettableVariable, typed: Typed, translations: readonly string[]): string {
  const text = onOneLine(tidy(typed[key] ?? ''))
  if (key !== 'INSTITUTION_LANGUAGES') return text
  const chosen = translations.filter((locale) => typed[languageField(locale)] === 'yes')
  const first = chosen.includes(text) ? [text] : []
  return [...new Set([...first, ...chosen])].join(' ')
}

function readText(key: string, part: TextPart, typed: Typed): string | null | Fault {
  const text = tidy(typed[key] ?? '')
  const sentence = findAskingToPublish(text)
  if (sentence) return { code: 'asks_to_publish', values: { sentence } }
  if ('scope' in part) {
    if (typed[offField(key)] === 'yes' && part.scope !== 'openid') return ''
    return withinLength(onOneLine(text), reasonCharsMax)
  }
  if (part.sentence !== 'recipients') return withinLength(onOneLine(text), sentences[part.sentence])
  const lines = text
    .split('\n')
    .map(onOneLine)
    .filter((line) => line.trim())
  if (lines.length > recipientsMax) return { code: 'too_many', values: { max: String(recipientsMax) } }
  const long = lines.find((line) => line.length > sentences.recipients)
  return long ? { code: 'too_long', values: { max: String(sentences.recipients) } } : lines.join('\n') || null
}

const withinLength = (text: string, max: number): string | null | Fault =>
  text.length > max ? { code: 'too_long', values: { max: String(max) } } : text || null

/** The fields of a page as they stand before anybody types: what is set, or the default. */
export function toTyped(
  keys: readonly string[],
  values: Readonly<Record<string, string>>,
  languages: readonly string[],
): Typed {
  const typed: Typed = {}
  for (const key of keys) {
    const part = parseTextKey(key)
    const value = values[key] ?? (part ? '' : (defaults[key as SettableVariable] ?? ''))
    typed[key] = value
    if (part && 'scope' in part && values[key] === '') typed[offField(key)] = 'yes'
    if (key === 'INSTITUTION_LANGUAGES') {
      typed[key] = languages[0] ?? ''
      for (const locale of languages) typed[languageField(locale)] = 'yes'
    }
  }
  return typed
}

type Changed = { key: string; before: string | null }

/** What was typed, with the new values of those settings that somebody else changed and that were left as they were. */
export function takeOver(
  typed: Typed,
  read: ReadSettings['values'],
  changedMeanwhile: readonly Changed[],
  current: { values: Readonly<Record<string, string>>; languages: readonly string[] },
): Typed {
  // Newest first: the last one of a setting says what the form had shown.
  const shown = new Map(changedMeanwhile.map(({ key, before }) => [key, before]))
  const untouched = [...shown].filter(([key, before]) => read[key] === before).map(([key]) => key)
  const boxes = untouched.includes('INSTITUTION_LANGUAGES') ? Object.keys(typed).filter(isLanguageField) : []
  const replaced = [...untouched, ...untouched.map(offField), ...boxes]
  const kept = Object.entries(typed).filter(([name]) => !replaced.includes(name))
  return { ...Object.fromEntries(kept), ...toTyped(untouched, current.values, current.languages) }
}
