import 'server-only'
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { addCountry, readMessages } from '@/lib/config/languages'

export const localeCookie = 'concord.locale'
const acceptedCharsMax = 1_000

/** Returns the chosen language, else the first accepted one that exists, else the first. */
export function chooseLocale(chosen: string | undefined, accepted: string | null, locales: readonly string[]): string {
  if (chosen && locales.includes(chosen)) return chosen
  const fallback = locales[0] ?? 'en'
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
  return known.find((lang) => lang === wanted) ?? known.find((lang) => lang === wanted.split('_')[0]) ?? 'en'
}

/** The language of the messages, as the `lang` of pages. `getLocale` of next-intl adds the country. */
export async function getLanguage(): Promise<string> {
  const chosen = (await cookies()).get(localeCookie)?.value
  return chooseLocale(chosen, (await headers()).get('accept-language'), env().institution.languages)
}

/** `locale`: where words are asked for in a language that is not the reader’s. */
export default getRequestConfig(async ({ locale }) => {
  const { timeZone, country, languages } = env().institution
  const language = languages.find((one) => one === locale) ?? (await getLanguage())
  return { locale: addCountry(language, country), messages: readMessages(language), timeZone, now: new Date() }
})
