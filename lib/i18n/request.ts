import 'server-only'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { env } from '@/lib/config/env'

export const localeCookie = 'concord.locale'
const fallback = 'en'
const acceptedCharsMax = 1_000
const folder = path.join(process.cwd(), 'messages')

type Messages = Record<string, unknown>
const messagesByLocale = new Map<string, Messages>()

/** Every file in `messages` adds a language. */
export function listLocales(): string[] {
  if (messagesByLocale.size === 0) {
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.json'))
        messagesByLocale.set(name.slice(0, -5), JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    }
  }
  return [...messagesByLocale.keys()].sort()
}

/** Returns the chosen language, else the first accepted one that exists, else English. */
export function chooseLocale(chosen: string | undefined, accepted: string | null, locales: readonly string[]): string {
  if (chosen && locales.includes(chosen)) return chosen
  const wanted = (accepted ?? '')
    .slice(0, acceptedCharsMax)
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';')
      const weight = params.map((param) => /^\s*q=([\d.]+)$/.exec(param)?.[1]).find(Boolean)
      return { tag: tag.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    if (tag === '*') return fallback
    const match =
      locales.find((locale) => locale.toLowerCase() === tag) ??
      locales.find((locale) => locale.split('-')[0] === tag.split('-')[0])
    if (match) return match
  }
  return fallback
}

/** https://info.orcid.org/documentation/integration-guide/customizing-the-sign-in-register-screen/ */
export function orcidLang(locale: string): string {
  const known = ['ar', 'cs', 'en', 'es', 'fr', 'de', 'it', 'ja', 'ko', 'pl', 'pt', 'ru', 'tr', 'zh_CN', 'zh_TW']
  const wanted = locale.replace('-', '_')
  return known.find((lang) => lang === wanted) ?? known.find((lang) => lang === wanted.split('_')[0]) ?? fallback
}

export default getRequestConfig(async () => {
  const locales = listLocales()
  const chosen = (await cookies()).get(localeCookie)?.value
  const locale = chooseLocale(chosen, (await headers()).get('accept-language'), locales)
  return { locale, messages: messagesByLocale.get(locale) ?? {}, timeZone: env().institution.timeZone, now: new Date() }
})
