import { readdirSync } from 'node:fs'
import path from 'node:path'

export const messagesFolder = path.join(process.cwd(), 'messages')

/** Every file in `messages` adds a language. English comes first, as the one for people whose languages are missing. */
export function listTranslations(): string[] {
  const found = readdirSync(messagesFolder).filter((name) => name.endsWith('.json'))
  const locales = found.map((name) => name.slice(0, -'.json'.length)).sort()
  return locales.sort((a, b) => Number(b === 'en') - Number(a === 'en'))
}
