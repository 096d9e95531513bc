import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type english from '@/messages/en.json'

export const messagesFolder = path.join(process.cwd(), 'messages')

/** Every file in `messages` adds a language. English comes first, as the one for people whose languages are missing. */
export function listTranslations(): string[] {
  const found = readdirSync(messagesFolder).filter((name) => name.endsWith('.json'))
  const locales = found.map((name) => name.slice(0, -'.json'.length)).sort()
  return locales.sort((a, b) => Number(b === 'en') - Number(a === 'en'))
}

export type Messages = typeof english

const messagesByLanguage = new Map<string, Messages>()

/** Every sentence in a language, read once. A test says that each language has all of them. */
export function readMessages(language: string): Messages {
  const known = messagesByLanguage.get(language)
  if (known) return known
  const messages: Messages = JSON.parse(readFileSync(path.join(messagesFolder, `${language}.json`), 'utf8'))
  messagesByLanguage.set(language, messages)
  return messages
}

/** The language as it is written in the institution's country, for the order of dates: `en-ES`, but `pt-BR` stays. */
export function addCountry(language: string, country: string | undefined): string {
  return country && !new Intl.Locale(language).region ? `${language}-${country}` : language
}

export const textDirection = (language: string): 'ltr' | 'rtl' =>
  ['ar', 'fa', 'he', 'ur'].includes(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'
